import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { describeUpload } from '@retort/datasets';
import { readUpload, recordUpload } from '@retort/jobs';
import { Type } from 'typebox';
import { notFound } from '../../../problem.js';
import { answer, refusals } from '../../../schemas/answer.js';
import { ref } from '../../../schemas/component.js';
import { Upload } from '../../../schemas/index.js';
import { boundedBody } from './bounded-body.js';

const tags = ['uploads'];

export const uploads: FastifyPluginCallbackTypebox<{ maxBytes: number }> = (app, { maxBytes }, done) => {
  const { db, artifacts, clock } = app.services;
  // Nothing is read here: the handler reads the bytes as they arrive.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/octet-stream', (_request, _payload, parsed) => parsed(null));

  app.post(
    '/',
    {
      schema: {
        operationId: 'createUpload',
        tags,
        summary: 'Upload a file',
        description: `Keeps the bytes of the body, at most ${maxBytes / 1024 ** 2} MiB, under their sha256, by which a spec then names them. The same bytes sent twice are one upload.`,
        body: { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
        response: {
          201: answer('It is kept.', ref(Upload), { headers: { Location: Type.String() } }),
          ...refusals('malformed-request', 'body-too-large', 'unsupported-media-type'),
        },
      },
    },
    async (request, reply) => {
      const { sha256, bytes } = await artifacts.putStream(boundedBody(request.raw, maxBytes));
      const source = { size: bytes, read: (start: number, end: number) => artifacts.readRange(sha256, start, end) };
      const contents = await describeUpload(source);
      const upload = await recordUpload({ db, now: clock.now() }, { sha256, contents });
      return reply.code(201).header('Location', `/v1/uploads/${sha256}`).send(upload);
    },
  );

  app.get(
    '/:sha256',
    {
      schema: {
        operationId: 'getUpload',
        tags,
        summary: 'Get what is known of an uploaded file',
        params: Type.Object(
          { sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'The hash of its bytes.' }) },
          { additionalProperties: false },
        ),
        response: { 200: answer('The upload.', ref(Upload)), ...refusals('not-found') },
      },
    },
    async ({ params: { sha256 } }) => {
      const upload = await readUpload(db, sha256);
      if (!upload) throw notFound('upload', sha256);
      return upload;
    },
  );
  done();
};
