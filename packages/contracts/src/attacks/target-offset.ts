import { Type } from 'typebox';

/** Which class an attack that can be aimed is after. */
export const TargetOffset = Type.Integer({
  minimum: 0,
  maximum: 100000,
  default: 0,
  description: '0: any other class. k: the class (label + k) modulo the number of classes.',
});
