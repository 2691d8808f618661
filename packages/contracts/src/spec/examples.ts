import { Type, type Static } from 'typebox';

/** Which images of the test set something is measured on, and how many. */
export const ExamplesSpec = Type.Object(
  {
    count: Type.Integer({ minimum: 1, maximum: 1000000, description: 'Number of examples.' }),
    choose: Type.Enum(['common-clean-correct', 'clean-correct', 'any'], {
      default: 'common-clean-correct',
      description:
        'The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric.',
    }),
  },
  { additionalProperties: false },
);
export type ExamplesSpec = Static<typeof ExamplesSpec>;
