import { Type } from 'typebox';

/** How much room a tanh box leaves beyond the pixel box. */
export const tanhSlack = (usual: number) =>
  Type.Number({
    minimum: 1e-7,
    maximum: 1,
    default: usual,
    description:
      "How much wider the tanh box is than the pixel box, as a share of it, so that pixels at 0 and 1 can move soon; the authors' code has 1e-6.",
  });
