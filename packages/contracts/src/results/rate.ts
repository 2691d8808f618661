import { Type, type Static } from 'typebox';

/** A share with its denominator and its 95 % Wilson interval. */
export const Rate = Type.Object({
  count: Type.Integer({ minimum: 0 }),
  of: Type.Integer({ minimum: 0 }),
  rate: Type.Number({ description: 'count / of; 0 where `of` is 0.' }),
  low: Type.Number({ description: 'Lower end of the 95 % Wilson score interval.' }),
  high: Type.Number({ description: 'Upper end of the 95 % Wilson score interval.' }),
});
export type Rate = Static<typeof Rate>;
