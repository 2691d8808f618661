import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { listWorkers, readWorker, requestDrain } from '@retort/jobs';
import { Type } from 'typebox';
import { notFound, Problem } from '../../../problem.js';
import { answer, refusals } from '../../../schemas/answer.js';
import { ref } from '../../../schemas/component.js';
import { Worker } from '../../../schemas/index.js';
import { ById, pageOf, pageQuery, pageRequest } from '../../../schemas/list.js';
import { callWorkers } from '../call-workers.js';

const tags = ['operation'];
const params = ById('wrk', 'The worker.');

export const workers: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { db, queue, clock } = app.services;

  const find = async (id: string) => {
    const worker = await readWorker(db, id);
    if (!worker) throw notFound('worker', id);
    return worker;
  };

  app.get(
    '/',
    {
      schema: {
        operationId: 'listWorkers',
        tags,
        summary: 'List workers, the latest started first',
        querystring: Type.Object(pageQuery('wrk'), { additionalProperties: false }),
        response: { 200: answer('A page.', pageOf(ref(Worker))), ...refusals('invalid-parameter') },
      },
    },
    ({ query }) => listWorkers(db, pageRequest(query)),
  );

  app.get(
    '/:id',
    {
      schema: {
        operationId: 'getWorker',
        tags,
        summary: 'Get a worker',
        params,
        response: { 200: answer('The worker.', ref(Worker)), ...refusals('not-found') },
      },
    },
    ({ params: { id } }) => find(id),
  );

  app.post(
    '/:id/drain',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'drainWorker',
        tags,
        summary: 'Drain a worker',
        description:
          'As SIGTERM does: it takes no new task, hands those that run back with a checkpoint and without spending a try, and ends. It is `draining` once it has heard of this, and `offline` in the end. What keeps it running, such as a container that is restarted always, starts another in its place.',
        params,
        response: { 202: answer('The worker now.', ref(Worker)), ...refusals('not-found', 'worker-offline') },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const asked = await requestDrain({ db, now: clock.now() }, id);
      if (!asked) throw notFound('worker', id);
      if (asked === 'offline') {
        throw new Problem(
          'worker-offline',
          `Worker "${id}" has ended, or has not been heard of for a minute: there is nothing to drain. What it ran is given to other workers once its leases have ended.`,
        );
      }
      callWorkers(queue, [id], request.log);
      return reply.code(202).send(await find(id));
    },
  );
  done();
};
