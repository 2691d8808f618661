export { DatasetError } from './dataset-error.js';
export { loadDataset, type Dataset } from './load-dataset.js';
