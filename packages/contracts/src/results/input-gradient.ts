import { Type, type Static } from 'typebox';
import { Distribution } from './distribution.js';
import { Rate } from './rate.js';

/** The amplitude of the cross-entropy's input gradient, combined in log space from the logits and their Jacobian. */
export const InputGradientResult = Type.Object({
  examples: Type.Integer(),
  loss: Type.String({ description: 'Such as `cross-entropy at T=1`.' }),
  log10_max_abs: Distribution,
  log10_mean_abs: Distribution,
  histogram: Type.Object(
    { edges: Type.Array(Type.Number()), counts: Type.Array(Type.Integer()) },
    { description: 'Examples by mean |gradient| in the ten bins of Papernot et al. (2015), Fig. 9.' },
  ),
  float32_zero: Rate,
  probability_saturated: Rate,
  exact_zero: Rate,
  float32_cosine: Distribution,
  wrong_direction: Rate,
  class_histogram: Type.Array(Type.Integer()),
});
export type InputGradientResult = Static<typeof InputGradientResult>;
