import type { FastifyPluginAsync } from 'fastify';
import { access, type AccessOptions } from '../../plugins/access.js';
import { apiKeys } from './api-keys/index.js';
import { datasets } from './datasets/index.js';
import { experiments } from './experiments/index.js';
import { jobs } from './jobs/index.js';
import { models } from './models/index.js';
import { queue } from './queue/index.js';
import { session } from './session/index.js';
import { uploads } from './uploads/index.js';
import { webhookEndpoints } from './webhook-endpoints/index.js';
import { workers } from './workers/index.js';

export const v1: FastifyPluginAsync<{ access: AccessOptions; maxUploadBytes: number }> = async (app, options) => {
  const { access: accessOptions, maxUploadBytes } = options;
  await app.register(access, accessOptions);
  await app.register(experiments, { prefix: '/experiments' });
  await app.register(jobs, { prefix: '/jobs' });
  await app.register(models, { prefix: '/models' });
  await app.register(datasets, { prefix: '/datasets' });
  await app.register(uploads, { prefix: '/uploads', maxBytes: maxUploadBytes });
  await app.register(workers, { prefix: '/workers' });
  await app.register(queue, { prefix: '/queue' });
  await app.register(apiKeys, { prefix: '/api-keys' });
  await app.register(webhookEndpoints, { prefix: '/webhook-endpoints' });
  await app.register(session, { prefix: '/session' });
};
