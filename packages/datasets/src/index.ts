export { readAdversarialSet, type AdversarialSet } from './adversarial/read-adversarial-set.js';
export type { ByteSource } from './arrays/byte-source.js';
export { describeUpload } from './arrays/describe-upload.js';
export { DatasetError } from './dataset-error.js';
export { fetchDataset, isFetchable } from './fetch/fetch-dataset.js';
export { loadDataset, readPublished, type Dataset } from './load-dataset.js';
