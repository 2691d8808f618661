import type { TSchema } from 'typebox';
import { describeKind, type ProblemKind } from '../problem.js';
import { ref } from './component.js';
import { ProblemDocument } from './problem.js';

type Content = Record<string, { schema: TSchema; example?: unknown }>;

export interface Answer {
  readonly description: string;
  readonly headers?: Record<string, TSchema>;
  readonly content: Content;
}

/** An answer in JSON, as a route's schema describes it. */
export function answer(
  description: string,
  schema: TSchema,
  { headers, also }: { headers?: Record<string, TSchema>; also?: Content } = {},
): Answer {
  return { description, ...(headers && { headers }), content: { 'application/json': { schema }, ...also } };
}

/** The problems that a route can answer with, by status. */
export function refusals(...kinds: ProblemKind[]): Record<number, Answer> {
  const answers: Record<number, Answer> = {};
  for (const kind of new Set<ProblemKind>([...kinds, 'too-many-requests', 'internal', 'not-ready'])) {
    const { status, title } = describeKind(kind);
    const description = answers[status] ? `${answers[status].description}, or: ${lowerFirst(title)}` : title;
    answers[status] = { description, content: { 'application/problem+json': { schema: ref(ProblemDocument) } } };
  }
  return answers;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
