export { listApiKeys, readApiKey } from './api-keys.js';
export { followEvents, hasEnded, readEvents, type EventSource } from './events.js';
export { listExperiments, readExperiment } from './experiments.js';
export {
  listJobs,
  readArtifact,
  readAttempts,
  readJob,
  readJobsOf,
  readMetrics,
  readTasks,
  type JobFilter,
} from './jobs.js';
export { readLoad, type ServiceLoad } from './load.js';
export { listModels, readModel } from './models.js';
export { pageOf, type Page, type PageRequest } from './page.js';
export { readBacklog } from './queue.js';
export * from './views.js';
export { explainWait, type JobReading } from './waiting.js';
export { listWorkers, readWorker } from './workers.js';
