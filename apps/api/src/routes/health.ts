import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { Problem } from '../problem.js';
import { answer, refusals } from '../schemas/answer.js';
import { within } from '../within.js';

/** Milliseconds that Postgres and Redis have to answer a question about their health. */
const PATIENCE_MS = 1000;

const tags = ['operation'];

export const health: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { db, queue, version } = app.services;

  app.get(
    '/healthz',
    {
      config: { rateLimit: false },
      schema: {
        operationId: 'getHealth',
        tags,
        summary: 'Whether this process is alive',
        response: {
          200: answer('It is.', Type.Object({ status: Type.Literal('alive'), version: Type.String() })),
          ...refusals(),
        },
      },
    },
    () => ({ status: 'alive' as const, version }),
  );

  app.get(
    '/readyz',
    {
      config: { rateLimit: false },
      schema: {
        operationId: 'getReadiness',
        tags,
        summary: 'Whether this process can serve',
        description:
          'It can while Postgres answers. Without Redis experiments are accepted, read and cancelled as ever and their jobs wait; `redis` then says `degraded`.',
        response: {
          200: answer(
            'It can.',
            Type.Object({
              status: Type.Literal('ready'),
              postgres: Type.Literal('available'),
              redis: Type.Enum(['available', 'degraded']),
            }),
          ),
          ...refusals('not-ready'),
        },
      },
    },
    async (request) => {
      const ask = (name: string, question: Promise<unknown>) =>
        within(PATIENCE_MS, question).then(
          () => true,
          (error: unknown) => {
            request.log.warn({ err: error }, `${name} does not answer`);
            return false;
          },
        );
      const [postgres, redis] = await Promise.all([
        ask('Postgres', db.sql.$queryRaw`SELECT 1`),
        ask('Redis', queue.ping()),
      ]);
      if (!postgres) {
        const both = redis ? 'Postgres does not answer' : 'Neither Postgres nor Redis answers';
        throw new Problem('not-ready', `${both} within ${PATIENCE_MS} ms; it is asked again with each request.`);
      }
      return {
        status: 'ready' as const,
        postgres: 'available' as const,
        redis: redis ? ('available' as const) : ('degraded' as const),
      };
    },
  );
  done();
};
