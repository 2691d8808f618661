import { Type, type Static } from 'typebox';

/** What was found wrong with adversarial images that were made elsewhere; none of the refused counts as a success. */
export const Verification = Type.Object({
  images: Type.Integer({ description: 'Images in the uploaded file.' }),
  refused: Type.Object(
    {
      not_finite: Type.Integer({ description: 'Images with a pixel that is no finite number.' }),
      outside_box: Type.Integer({ description: 'Images with a pixel outside 0 to 1.' }),
      beyond_epsilon: Type.Integer({ description: 'Images further from their original than epsilon.' }),
    },
    { description: 'Of the examples that count, each under the first that holds.' },
  ),
  other_originals: Type.Integer({ description: "Examples whose original in the file is not the dataset's own." }),
  rescaled_originals: Type.Integer({
    description:
      'Of those, examples whose original is the one of the dataset with its pixels divided by 256 instead of 255, or the other way round; their distances hold the difference, up to 1/256 a pixel, until `pixel_divisor` of the dataset is as in the file.',
  }),
  other_labels: Type.Integer({ description: "Examples whose label in the file is not the dataset's own." }),
  tolerance: Type.Number({ description: 'By which float32 values may be beyond a bound.' }),
});
export type Verification = Static<typeof Verification>;
