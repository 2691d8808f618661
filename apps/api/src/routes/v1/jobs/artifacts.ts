import type { Readable } from 'node:stream';
import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readArtifact } from '@retort/jobs';
import { Type } from 'typebox';
import { notFound } from '../../../problem.js';
import { refusals } from '../../../schemas/answer.js';
import { Id } from '../../../schemas/list.js';

export const jobArtifacts: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { db, artifacts } = app.services;
  app.get(
    '/:id/artifacts/:name',
    {
      schema: {
        operationId: 'getJobArtifact',
        tags: ['jobs'],
        summary: 'Get the bytes of an artifact',
        params: Type.Object(
          {
            id: Id('job', 'The job.'),
            name: Type.String({
              pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$',
              description: 'The name of the artifact.',
            }),
          },
          { additionalProperties: false },
        ),
        response: {
          200: {
            description: 'Its bytes, with its own media type; the ETag is its sha256.',
            headers: { ETag: Type.String() },
            content: { '*/*': { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) } },
          },
          304: { description: 'The client has these bytes already, as its If-None-Match says.' },
          ...refusals('not-found', 'artifact-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { id, name } = request.params;
      const artifact = await readArtifact(db, id, name);
      if (!artifact) throw notFound('artifact', `${name}" of "${id}`);
      const etag = `"${artifact.sha256}"`;
      reply.header('ETag', etag).header('Cache-Control', 'private, max-age=31536000, immutable');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      const { bytes, stream } = await artifacts.open(artifact.sha256);
      return reply
        .type(artifact.media_type)
        .header('Content-Disposition', `attachment; filename="${id}-${name}"`)
        .header('Content-Length', bytes)
        .send(stream);
    },
  );
  done();
};
