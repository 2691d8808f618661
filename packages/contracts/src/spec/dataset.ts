import { Type, type Static } from 'typebox';

/** The datasets that a spec can name. */
export const datasetNames = ['mnist'] as const;

/** Which images a net is trained, validated and tested on. */
export const DatasetSpec = Type.Object(
  {
    name: Type.Enum([...datasetNames], { description: 'The dataset, by name; GET /v1/datasets lists them.' }),
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
