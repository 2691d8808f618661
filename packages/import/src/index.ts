export { ImportError } from './import-error.js';
export { importModel, type ImportedModel } from './import-model.js';
export type { RemovedHead } from './network.js';
