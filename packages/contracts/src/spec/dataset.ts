import { Type, type Static } from 'typebox';

/** What is known of a dataset without reading it: `packages/datasets` checks the bytes against these hashes. */
export const datasetCatalogue = {
  mnist: {
    title: 'MNIST handwritten digits',
    train: 60_000,
    test: 10_000,
    shape: [28, 28, 1],
    classes: 10,
    licence: 'CC BY-SA 3.0',
    source: 'Y. LeCun, C. Cortes and C. Burges, http://yann.lecun.com/exdb/mnist/',
    /** sha256 of the decompressed idx files. */
    files: {
      'train-images': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      'train-labels': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      'test-images': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      'test-labels': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
} as const;

export type DatasetName = keyof typeof datasetCatalogue;

/** The datasets that a spec can name. */
export const datasetNames = Object.keys(datasetCatalogue) as DatasetName[];

/** Which images a net is trained, validated and tested on. */
export const DatasetSpec = Type.Object(
  {
    name: Type.Enum(datasetNames, { description: 'The dataset, by name; GET /v1/datasets lists them.' }),
    train: Type.Integer({ minimum: 1, description: 'Number of training images.' }),
    validation: Type.Integer({
      minimum: 1,
      default: 1000,
      description: 'Number of images held out of the official training set to judge a net by while it trains.',
    }),
    test: Type.Integer({ minimum: 1, default: 10000, description: 'Number of images of the official test set.' }),
    split_seed: Type.Integer({
      default: 0,
      minimum: 0,
      description: 'Seed of the split; apart from `seeds`, so that nets of different seeds see the same images.',
    }),
    pixel_divisor: Type.Integer({
      minimum: 255,
      maximum: 256,
      default: 255,
      description: 'What a pixel from 0 to 255 is divided by: 255, or 256 as in the code of Song (2017).',
    }),
  },
  { additionalProperties: false },
);
export type DatasetSpec = Static<typeof DatasetSpec>;
