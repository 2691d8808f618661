import { createHash } from 'node:crypto';
import type { QueryConfig } from 'pg';

/** A parameter of a statement: a list is one of them, an array of PostgreSQL's; JSON is given as its text. */
export type SqlValue = string | number | bigint | boolean | Date | null | readonly (string | number | null)[] | SqlText;

/** A part of a statement that stands in it as it is: of the code's own, never what anybody sent. */
export class SqlText {
  constructor(readonly text: string) {}
}

/** Runs SQL, in the form of Prisma's raw queries: a tagged template whose values become parameters, but for texts. */
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
  /** Sends the commit before `work` has ended: what is asked after it is asked outside of the transaction, in its round trip. */
  readonly $commit: () => void;
}

/** Of those without texts, by their place in the code: there are so many of them, and no more. */
const known = new WeakMap<TemplateStringsArray, { name: string; text: string }>();

/** A statement that a connection parses and plans once: it has a name, made from its text, in which no value stands. */
export function statement(template: TemplateStringsArray, values: SqlValue[]): QueryConfig {
  const parameters = values.filter((value) => !(value instanceof SqlText));
  let prepared = known.get(template);
  if (!prepared) {
    let number = 0;
    const text = template.reduce((before, part, at) => {
      const value = values[at - 1];
      return before + (value instanceof SqlText ? value.text : `$${++number}`) + part;
    });
    prepared = { name: createHash('sha256').update(text).digest('hex').slice(0, 32), text };
    if (parameters.length === values.length) known.set(template, prepared);
  }
  return { ...prepared, values: parameters };
}
