import { Type, type Static } from 'typebox';
import { Distribution } from './distribution.js';
import { Rate } from './rate.js';

const overSuccesses = (description: string) =>
  Type.Object(Distribution.properties, { description: `${description}; over the successes only.` });

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
  pixels_changed: overSuccesses('Positions with a change in any channel'),
  l0: overSuccesses('Pixel values changed, each channel counted'),
  l1: overSuccesses('Sum of the absolute changes'),
  l2: overSuccesses('Euclidean length of the change'),
  linf: overSuccesses('Largest absolute change'),
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
