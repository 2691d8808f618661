import { STATUS_CODES } from 'node:http';
import { ArtifactError, isDatabaseAway } from '@retort/store';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Problem, type ProblemKind } from '../problem.js';

/** When a client may ask again after a 503. */
const RETRY_AFTER_SECONDS = 5;
const AWAY_DETAIL =
  'Postgres does not answer. Send the request again in a while; where it submits an experiment, with the same Idempotency-Key, since it may have been accepted.';

/** Answers every error as `application/problem+json`. */
export const problems = fp((app, _options, done) => {
  app.setErrorHandler<FastifyError | Problem>((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.kind === 'not-ready') reply.header('retry-after', RETRY_AFTER_SECONDS);
    if (problem.statusCode >= 500) request.log.error({ err: error }, problem.detail);
    return sendProblem(reply, request, problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const place = `${request.method} ${pathOf(request)}`;
    return sendProblem(reply, request, new Problem('not-found', `There is no ${place}; /docs lists what there is.`));
  });
  done();
});

/** Sends a problem as the answer. */
export function sendProblem(reply: FastifyReply, request: FastifyRequest, problem: Problem): FastifyReply {
  const { statusCode, problems } = problem;
  return reply
    .code(statusCode)
    .type('application/problem+json')
    .send({
      ...problemDocument(problem),
      instance: pathOf(request),
      request_id: request.id,
      ...(problems.length > 0 && { problems }),
    });
}

/** What of a problem is told also where there is no request to name. */
export function problemDocument({ kind, title, statusCode, detail }: Problem) {
  return { type: `urn:retort:problem:${kind}`, title, status: statusCode, detail };
}

/** Answers a path that the router cannot read, before any route or hook hears of it. */
export function refuseUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void sendProblem(reply, request, problemOf(error));
}

/** Fastify's own errors that are the client's doing, by status. */
const kindByStatus: Partial<Record<number, ProblemKind>> = {
  400: 'malformed-request',
  404: 'not-found',
  // A part of the path that is longer than any identifier.
  414: 'not-found',
  413: 'body-too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
};

function problemOf(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ArtifactError) return new Problem('artifact-unavailable', error.message, [], { cause: error });
  if (isDatabaseAway(error)) return new Problem('not-ready', AWAY_DETAIL, [], { cause: error });
  if (error.code === 'FST_ERR_BAD_URL') {
    return new Problem('malformed-request', `${sentence(error.message)} Encode a "%" in a path as %25.`, [], {
      cause: error,
    });
  }
  const kind = kindByStatus[error.statusCode ?? 500];
  if (kind)
    return new Problem(kind, [sentence(error.message), remedies[kind]].filter(Boolean).join(' '), [], { cause: error });
  const name = STATUS_CODES[error.statusCode ?? 500] ?? 'Error';
  return new Problem('internal', `${name}: the log has more under this request_id.`, [], { cause: error });
}

const remedies: Partial<Record<ProblemKind, string>> = {
  'malformed-request': 'Send one well-formed JSON value.',
  'unsupported-media-type':
    'Send JSON with "Content-Type: application/json"; to /v1/uploads a file with "Content-Type: application/octet-stream".',
  'body-too-large': 'Use a grid instead of writing each combination out, or several experiments.',
};

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0]!;
}
