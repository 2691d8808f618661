import { Type, type Static } from 'typebox';
import { Distribution } from './distribution.js';
import { Rate } from './rate.js';

/** What an attack reached; distances are over its successes only. */
export const AttackMetrics = Type.Object({
  success: Rate,
  pixels_changed: Distribution,
  l1: Distribution,
  l2: Distribution,
  linf: Distribution,
  gradients: Distribution,
  forwards: Distribution,
  no_gradient: Type.Integer({
    description: 'Examples whose gradient was zero or not finite, so that nothing was tried.',
  }),
  class_histogram: Type.Array(Type.Integer(), { description: 'True classes of the denominator.' }),
});
export type AttackMetrics = Static<typeof AttackMetrics>;
