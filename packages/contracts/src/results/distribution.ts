import { Type, type Static } from 'typebox';
import { JsonNumber } from '../number.js';

/** How a quantity is spread over examples; every field but `count` is `NaN` where there are none. */
export const Distribution = Type.Object({
  count: Type.Integer({ minimum: 0 }),
  mean: JsonNumber,
  min: JsonNumber,
  p5: JsonNumber,
  p25: JsonNumber,
  median: JsonNumber,
  p75: JsonNumber,
  p95: JsonNumber,
  max: JsonNumber,
});
export type Distribution = Static<typeof Distribution>;
