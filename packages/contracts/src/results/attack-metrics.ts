import { Type, type Static } from 'typebox';
import { AccuracyCurve } from './accuracy-curve.js';
import { Distribution, EstimatedDistribution } from './distribution.js';
import { Mean } from './interval.js';
import { Rate } from './rate.js';

const overSuccesses = (description: string) =>
  Type.Object(EstimatedDistribution.properties, { description: `${description}; over the successes only.` });

/** What one attack of an ensemble reached. */
export const MemberMetrics = Type.Object({
  name: Type.String(),
  success: Type.Object(Rate.properties, {
    description: 'Images that fool the net within the bound of the ensemble, of those that this attack was given.',
  }),
  kept: Type.Integer({ description: 'Examples of which its image is the one that the ensemble kept.' }),
});
export type MemberMetrics = Static<typeof MemberMetrics>;

/** What an attack reached; distances are over its successes only, and in pixel units (the pixel range is 0 to 1). */
export const AttackMetrics = Type.Object({
  success: Type.Object(Rate.properties, {
    description: 'Images that fool the net in a last forward pass over the saved pixels, of all that were attacked.',
  }),
  clean_accuracy: Type.Object(Rate.properties, {
    description: 'Images that the net classifies correctly before the attack, of all that were attacked.',
  }),
  robust_accuracy: Type.Object(Rate.properties, {
    description:
      'Images that the net classifies correctly after the attack, of all that were attacked; `examples` says what part of the test split they stand for.',
  }),
  success_over_correct: Type.Object(Rate.properties, {
    description: 'Successes among the images that the net classifies correctly before the attack.',
  }),
  source_success: Type.Optional(
    Type.Object(Rate.properties, {
      description: 'Of a transfer: images that fool the net that they were made on, of all that were attacked.',
    }),
  ),
  detected: Type.Optional(
    Type.Object(Rate.properties, {
      description: 'Images that the net rejects as outliers, of all that were attacked; only of a net that can.',
    }),
  ),
  pixels_changed: overSuccesses('Positions with a change in any channel'),
  l0: overSuccesses('Pixel values changed, each channel counted'),
  l1: overSuccesses('Sum of the absolute changes'),
  l2: overSuccesses('Euclidean length of the change'),
  linf: overSuccesses('Largest absolute change'),
  rho_adv: Type.Object(Mean.properties, {
    description:
      'Mean share of pixel values changed (Papernot et al. 2015, arXiv 1511.04508); over the successes only.',
  }),
  empirical_robustness: Type.Object(Mean.properties, {
    description:
      'Mean L2 of the change divided by the L2 of the image (Moosavi-Dezfooli et al. 2015, arXiv 1511.04599); over the successes only.',
  }),
  confidence: overSuccesses("The net's probability of the class that it takes the attacked image for, as deployed"),
  accuracy_curves: Type.Object({ l0: AccuracyCurve, l1: AccuracyCurve, l2: AccuracyCurve, linf: AccuracyCurve }),
  gradients: Type.Object(Distribution.properties, { description: 'Backward passes an example cost; over all.' }),
  forwards: Type.Object(Distribution.properties, {
    description: 'Forward passes an example cost beside those of its gradients; over all.',
  }),
  no_gradient: Type.Integer({
    description: 'Examples that never had a gradient or saliency map other than zero, so that nothing led the attack.',
  }),
  members: Type.Optional(
    Type.Array(MemberMetrics, { description: 'The attacks of an ensemble, in the order in which they ran.' }),
  ),
  class_histogram: Type.Array(Type.Integer(), { description: 'True classes of the denominator.' }),
});
export type AttackMetrics = Static<typeof AttackMetrics>;
