import { Type, type Static } from 'typebox';
import { datasetNames } from './dataset-catalogue.js';
import { OwnFiles } from './own-files.js';
import type { Uploads } from '../upload.js';

const split = {
  train: Type.Integer({ minimum: 1, description: 'Number of training images.' }),
  validation: Type.Integer({
    minimum: 1,
    default: 1000,
    description: 'Number of images held out of the training set to judge a net by while it trains.',
  }),
  test: Type.Integer({ minimum: 1, default: 10000, description: 'Number of images of the test set.' }),
  split_seed: Type.Integer({
    default: 0,
    minimum: 0,
    description: 'Seed of the split; apart from `seeds`, so that nets of different seeds see the same images.',
  }),
  pixel_divisor: Type.Integer({
    minimum: 255,
    maximum: 256,
    default: 255,
    description:
      'What a pixel from 0 to 255 is divided by: 255, or 256 as in the code of Song (2017). Pixels that are fractions already are not divided.',
  }),
};

/** Which images of a published dataset a net is trained, validated and tested on. */
export const PublishedDataset = Type.Object(
  { name: Type.Enum(datasetNames, { description: 'The dataset, by name; GET /v1/datasets lists them.' }), ...split },
  { additionalProperties: false, description: 'A published dataset.' },
);
export type PublishedDataset = Static<typeof PublishedDataset>;

/** Which images of uploaded files a net is trained, validated and tested on. */
export const OwnDataset = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'What you call it, in reports.' }),
    upload: OwnFiles,
    ...split,
  },
  { additionalProperties: false, description: 'Images of your own, from files that were uploaded.' },
);
export type OwnDataset = Static<typeof OwnDataset>;

/** Which images a net is trained, validated and tested on. */
export const DatasetSpec = Type.Union([PublishedDataset, OwnDataset]);
export type DatasetSpec = Static<typeof DatasetSpec>;

/** Whether a dataset comes from uploaded files. */
export function isOwn(dataset: DatasetSpec): dataset is OwnDataset {
  return 'upload' in dataset;
}

/** The uploads that a dataset is read from, by the role that each plays in a job; none for a published one. */
export function datasetUploads(dataset: DatasetSpec): Uploads {
  if (!isOwn(dataset)) return {};
  const { upload } = dataset;
  if (upload.format === 'npz') return { dataset: upload.file };
  return Object.fromEntries(Object.entries(upload.files).map(([part, sha256]) => [`dataset:${part}`, sha256]));
}
