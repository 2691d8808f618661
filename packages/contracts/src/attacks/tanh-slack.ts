import { Type } from 'typebox';

/** How much room a tanh box leaves beyond the pixel box. */
export const TanhSlack = Type.Number({
  minimum: 1e-7,
  maximum: 1,
  default: 0.05,
  description:
    "How much wider the tanh box is than the pixel box, as a share of it, so that pixels at 0 and 1 can move at once; the authors' code has 1e-6.",
});
