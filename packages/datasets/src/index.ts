export { DatasetError } from './dataset-error.js';
export { loadDataset, type Dataset, type Examples } from './load-dataset.js';
