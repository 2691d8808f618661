import { readExperiment, type Acceptance } from '@retort/jobs';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { notFound, Problem } from '../../../problem.js';
import { withLinks } from '../../../schemas/experiment.js';
import type { Services } from '../../../services.js';

/** What a request for an experiment may bring, so that it can be repeated. */
export const idempotencyHeaders = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({ minLength: 1, maxLength: 255, description: 'Any text that is yours for this submission.' }),
  ),
});

export const acceptedHeaders = {
  Location: Type.String({ description: 'Where the experiment is.' }),
  'Idempotency-Replayed': Type.String({ description: '`true` where an earlier request had made it.' }),
};

/** Answers with the experiment that a request has made, or that an equal one had made before. */
export async function sendAccepted(
  { db, dispatcher }: Pick<Services, 'db' | 'dispatcher'>,
  reply: FastifyReply,
  acceptance: Acceptance,
) {
  const { experimentId: id } = acceptance;
  if (acceptance.outcome === 'key_reused') {
    throw new Problem(
      'idempotency-key-reused',
      `This key made ${id} from another body; use a new key, or send the same body.`,
    );
  }
  dispatcher.wake();
  const experiment = acceptance.replayed ? await readExperiment(db, id) : acceptance.experiment;
  if (!experiment) throw notFound('experiment', id);
  const linked = withLinks(experiment);
  if (acceptance.replayed) reply.header('Idempotency-Replayed', 'true');
  return reply.code(202).header('Location', linked.links.self).send(linked);
}
