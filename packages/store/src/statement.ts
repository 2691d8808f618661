import { createHash } from 'node:crypto';
import type { QueryConfig } from 'pg';

/** A parameter of a statement: a list is one of them, an array of PostgreSQL's; JSON is given as its text. */
export type SqlValue = string | number | bigint | boolean | Date | null | readonly (string | number | null)[];

/** Runs SQL, in the form of Prisma's raw queries: a tagged template whose values become parameters. */
export interface SqlRunner {
  /** The rows that a statement returns. */
  readonly $queryRaw: <T>(template: TemplateStringsArray, ...values: SqlValue[]) => Promise<T>;
  /** How many rows a statement touches. */
  readonly $executeRaw: (template: TemplateStringsArray, ...values: SqlValue[]) => Promise<number>;
}

/** Runs the statements of one transaction, in the order in which they are asked, each sent before the one before it is answered. */
export interface SqlTransaction extends SqlRunner {
  /**
   * Sends a statement and goes on without its answer, so that what comes next shares its round trip; where it fails, so
   * does the transaction, with its error.
   */
  readonly $send: (template: TemplateStringsArray, ...values: SqlValue[]) => void;
}

/** By their place in the code: there are so many of them, and no more. */
const known = new WeakMap<TemplateStringsArray, { name: string; text: string }>();

/** A statement that a connection parses and plans once: it has a name, made from its text, in which no value stands. */
export function statement(template: TemplateStringsArray, values: SqlValue[]): QueryConfig {
  let prepared = known.get(template);
  if (!prepared) {
    const text = template.reduce((before, part, at) => `${before}$${at}${part}`);
    prepared = { name: createHash('sha256').update(text).digest('hex').slice(0, 32), text };
    known.set(template, prepared);
  }
  return { ...prepared, values };
}
