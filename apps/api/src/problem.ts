import type { SpecProblem } from '@retort/contracts';

/** What is wrong in one place of a request: where a pointer leads into something else than the body, `in` says into what. */
export interface PlacedProblem extends SpecProblem {
  readonly in?: 'query' | 'path' | 'header';
}

/** The kinds of problems, with the status and the title of each. */
const kinds = {
  'invalid-spec': { status: 422, title: 'The spec is not valid' },
  'invalid-body': { status: 422, title: 'The body is not valid' },
  'invalid-parameter': { status: 422, title: 'A parameter of the request is not valid' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used with another body' },
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  unauthorized: { status: 401, title: 'An API key is needed' },
  forbidden: { status: 403, title: 'This is not for this API key' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'The method does not fit this place' },
  'request-timeout': { status: 408, title: 'The request took too long' },
  'not-verifiable': { status: 409, title: 'The job cannot be verified now' },
  'not-retryable': { status: 409, title: 'There is nothing to retry' },
  'experiment-running': { status: 409, title: 'The experiment has not finished' },
  'worker-offline': { status: 409, title: 'The worker is offline' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is of another type than this place takes' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Retort has failed' },
  'artifact-unavailable': { status: 500, title: 'The artifact cannot be read' },
  'not-ready': { status: 503, title: 'Retort cannot serve now' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemKind = keyof typeof kinds;
export const problemKinds = Object.keys(kinds) as ProblemKind[];

/** An error that the client is told of, as RFC 9457 has it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly statusCode: number;
  readonly title: string;

  /**
   * @param detail what was wrong with this request and what would be right, in sentences
   * @param problems the places, where there are such
   */
  constructor(
    readonly kind: ProblemKind,
    readonly detail: string,
    readonly problems: readonly PlacedProblem[] = [],
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.statusCode = kinds[kind].status;
    this.title = kinds[kind].title;
  }
}

/** The status and the title of a kind of problem. */
export function describeKind(kind: ProblemKind): { status: number; title: string } {
  return kinds[kind];
}

/** The problem of an identifier that leads to nothing. */
export function notFound(what: string, id: string): Problem {
  return new Problem('not-found', `There is no ${what} "${id}".`);
}

/** The problem of several places, summed up in a sentence. */
export function invalid(
  kind: 'invalid-spec' | 'invalid-body' | 'invalid-parameter' | 'not-found',
  problems: readonly PlacedProblem[],
): Problem {
  const [{ pointer, message, remedy }] = problems as [PlacedProblem];
  const others = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new Problem(kind, `${pointer || 'The body'}: ${message}; ${remedy.replace(/\.$/, '')}${others}.`, problems);
}
