import { Type, type Static } from 'typebox';
import { Norm } from '../attacks/ball.js';
import { ExamplesSpec } from './examples.js';

/** How much an evaluation spends before it gives up on an example. */
export const EvaluationEffort = Type.Enum(['quick', 'standard', 'thorough'], {
  default: 'standard',
  description:
    'The budget: `quick` for a first look (tens of gradients an example and attack), `standard` (that of AutoAttack, about 2 000 gradients and 5 000 queries an example that resists), or `thorough` (five restarts, more queries and draws).',
});
export type EvaluationEffort = Static<typeof EvaluationEffort>;

/** The claim that an evaluation puts to the test, and how hard it tries. */
export const EvaluationParameters = Type.Object(
  {
    norm: Norm,
    epsilon: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1000,
      description: 'Radius of the ball inside which the net is to resist, in pixel units (the pixel range is 0 to 1).',
    }),
    required_accuracy: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.5,
      description: 'The robust accuracy, over examples classified correctly when clean, from which a net is robust.',
    }),
    effort: EvaluationEffort,
  },
  { additionalProperties: false },
);
export type EvaluationParameters = Static<typeof EvaluationParameters>;

/** One evaluation of some of the nets: does each resist, or does it only hide its gradient? */
export const EvaluationSpec = Type.Object(
  {
    ...EvaluationParameters.properties,
    models: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        maxItems: 1000,
        description: 'Names of the nets evaluated; all where absent.',
      }),
    ),
    surrogates: Type.Array(Type.String(), {
      maxItems: 100,
      uniqueItems: true,
      default: [],
      description:
        'Names of nets on which adversarial examples are made and then tried on the one evaluated: what hides its gradient does not hide theirs. A net is never its own surrogate.',
    }),
    examples: ExamplesSpec,
  },
  { additionalProperties: false },
);
export type EvaluationSpec = Static<typeof EvaluationSpec>;
