import type { FastifyPluginAsync } from 'fastify';
import { datasets } from './datasets/index.js';
import { experiments } from './experiments/index.js';
import { jobs } from './jobs/index.js';
import { models } from './models/index.js';
import { queue } from './queue/index.js';
import { uploads } from './uploads/index.js';
import { workers } from './workers/index.js';

export const v1: FastifyPluginAsync<{ maxUploadBytes: number }> = async (app, { maxUploadBytes }) => {
  await app.register(experiments, { prefix: '/experiments' });
  await app.register(jobs, { prefix: '/jobs' });
  await app.register(models, { prefix: '/models' });
  await app.register(datasets, { prefix: '/datasets' });
  await app.register(uploads, { prefix: '/uploads', maxBytes: maxUploadBytes });
  await app.register(workers, { prefix: '/workers' });
  await app.register(queue, { prefix: '/queue' });
};
