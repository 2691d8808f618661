import type { FastifyPluginAsync } from 'fastify';
import { datasets } from './datasets/index.js';
import { experiments } from './experiments/index.js';
import { jobs } from './jobs/index.js';
import { models } from './models/index.js';
import { queue } from './queue/index.js';
import { workers } from './workers/index.js';

export const v1: FastifyPluginAsync = async (app) => {
  await app.register(experiments, { prefix: '/experiments' });
  await app.register(jobs, { prefix: '/jobs' });
  await app.register(models, { prefix: '/models' });
  await app.register(datasets, { prefix: '/datasets' });
  await app.register(workers, { prefix: '/workers' });
  await app.register(queue, { prefix: '/queue' });
};
