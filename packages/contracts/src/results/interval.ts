import { Type, type Static } from 'typebox';
import { JsonNumber } from '../number.js';

/** A 95 % confidence interval; both ends are `NaN` where there is nothing to estimate from. */
export const Interval = Type.Object({ low: JsonNumber, high: JsonNumber });
export type Interval = Static<typeof Interval>;

/** A mean with its 95 % percentile bootstrap interval and how many values it is of. */
export const Mean = Type.Object({ count: Type.Integer({ minimum: 0 }), mean: JsonNumber, ...Interval.properties });
export type Mean = Static<typeof Mean>;
