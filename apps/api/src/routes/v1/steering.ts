import type { Clocked } from '@retort/jobs';
import type { FastifyInstance } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { notFound } from '../../problem.js';
import { answer, refusals } from '../../schemas/answer.js';
import type { ById } from '../../schemas/list.js';
import { callWorkers } from './call-workers.js';

type Act = 'cancel' | 'pause' | 'resume';

/** What a person may do to a thing that waits or runs. */
interface Steering {
  readonly thing: 'experiment' | 'job';
  readonly params: ReturnType<typeof ById>;
  /** The schema of what `view` gives. */
  readonly schema: TSchema;
  readonly view: (id: string) => Promise<unknown>;
  readonly acts: Record<
    Act,
    {
      readonly summary: string;
      readonly description: string;
      /** @returns the tasks whose workers are to be told, where there are any; undefined where there is no such thing */
      readonly act: (
        clocked: Clocked,
        id: string,
      ) => Promise<{ readonly runningTasks?: readonly string[] } | undefined>;
    }
  >;
}

/** Adds `POST /:id/cancel`, `/:id/pause` and `/:id/resume`: each is answered with the thing as it is then. */
export function addSteering(app: FastifyInstance, { thing, params, schema, view, acts }: Steering): void {
  const { db, queue, dispatcher, clock } = app.services;
  for (const [name, { summary, description, act }] of Object.entries(acts)) {
    app.post<{ Params: Static<typeof params> }>(
      `/:id/${name}`,
      {
        schema: {
          operationId: name + thing[0]!.toUpperCase() + thing.slice(1),
          tags: [`${thing}s`],
          summary,
          description,
          params,
          response: { 202: answer(`The ${thing} now.`, schema), ...refusals('not-found') },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const done = await act({ db, now: clock.now() }, id);
        if (!done) throw notFound(thing, id);
        callWorkers(queue, done.runningTasks ?? [], request.log);
        if (name === 'resume') dispatcher.wake();
        return reply.code(202).send(await view(id));
      },
    );
  }
}
