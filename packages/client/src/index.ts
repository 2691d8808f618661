export { createRetortClient, type RetortClient } from './client.js';
export type { components, operations, paths } from './openapi.js';
export { watchExperiment, WatchError, type RetortEvent, type WatchOptions } from './watch-experiment.js';
