import { Type } from 'typebox';

/** The first constant of a search that goes up tenfold and then halves the interval. */
export const FirstConstant = Type.Number({
  exclusiveMinimum: 0,
  maximum: 1e10,
  default: 0.001,
  description: 'The first c; ten times as much after each failure before the first success.',
});

/** The lead that counts as a success. */
export const Confidence = Type.Number({
  minimum: 0,
  maximum: 1e6,
  default: 0,
  description: 'kappa: by how much the logit of the class reached must exceed every other.',
});
