import { Type } from 'typebox';

/** The norm that bounds a perturbation. */
export const Norm = Type.Enum(['linf', 'l2'], {
  default: 'linf',
  description: 'The norm that bounds the perturbation.',
});

/** The radius of a norm's ball. */
export const Radius = Type.Number({
  minimum: 0,
  maximum: 1000,
  default: 0.3,
  description: 'Radius of the ball in that norm, in pixel units (the pixel range is 0 to 1).',
});
