import { Type, type Static } from 'typebox';
import { Distribution } from './distribution.js';
import { Rate } from './rate.js';

/**
 * The amplitude of the cross-entropy's input gradient, combined in log space from the logits and a scaled backward pass.
 *
 * Magnitudes are log10, since a legitimate 1e-60 is 0 in float32; `-Infinity` is a gradient that is exactly zero.
 */
export const InputGradientResult = Type.Object({
  examples: Type.Integer({ description: 'Images measured: the denominator of every rate here.' }),
  loss: Type.String({ description: 'Such as `cross-entropy at T=1`, of the true label.' }),
  log10_max_abs: Distribution,
  log10_mean_abs: Distribution,
  histogram: Type.Object(
    {
      edges: Type.Array(Type.Number()),
      counts: Type.Array(Type.Integer(), { description: 'Examples from each edge up to, not including, the next.' }),
      above: Type.Integer({ description: 'Examples at or above the last edge.' }),
    },
    { description: 'Examples by mean |gradient| (exact) in the ten bins of Papernot et al. (2015), Fig. 9.' },
  ),
  float32_zero: Type.Object(Rate.properties, { description: 'Float32 gradients that are 0 in every pixel.' }),
  probability_saturated: Type.Object(Rate.properties, {
    description: "Examples whose label's probability is 1 in float32.",
  }),
  exact_zero: Type.Object(Rate.properties, {
    description: 'Gradients that are zero in log space too, so that nothing is masked: no logit depends on the input.',
  }),
  float32_cosine: Type.Object(Distribution.properties, {
    description: 'Cosine of the float32 gradient with the exact one, where neither is zero.',
  }),
  wrong_direction: Type.Object(
    { ...Rate.properties, cosine_below: Type.Number() },
    {
      description: 'Float32 gradients that are not zero, but whose cosine with the exact one is below `cosine_below`.',
    },
  ),
  class_histogram: Type.Array(Type.Integer(), { description: 'True classes of the denominator.' }),
});
export type InputGradientResult = Static<typeof InputGradientResult>;
