import { Type, type Static } from 'typebox';

const choices = ['common-clean-correct', 'clean-correct', 'any'] as const;

function examplesSpec(choose: (typeof choices)[number]) {
  return Type.Object(
    {
      count: Type.Integer({ minimum: 1, maximum: 1000000, description: 'Number of examples.' }),
      choose: Type.Enum([...choices], {
        default: choose,
        description:
          'The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric, and the source of a transfer.',
      }),
    },
    { additionalProperties: false },
  );
}

/** Which images of the test set something is measured on, and how many. */
export const ExamplesSpec = examplesSpec('common-clean-correct');
export type ExamplesSpec = Static<typeof ExamplesSpec>;

/** The same for what says nothing where the net is right by choice, such as a calibration. */
export const AnyExamplesSpec = examplesSpec('any');
