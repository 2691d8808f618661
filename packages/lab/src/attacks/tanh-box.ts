/**
 * An image as the tanh of variables without bounds, so that no step leaves the pixel box; plain data, so that a
 * checkpoint can hold it.
 *
 * Carlini and Wagner 2016, arXiv 1608.04644, section V.B. There a pixel at exactly 0 or 1 is infinitely far out, and
 * freezes; here the tanh spans a box wider than the pixels' by `slack`, and the variables stop at the pixels' ends, so
 * that such a pixel has a derivative and moves.
 */
export interface TanhBox {
  readonly origin: Float32Array;
  readonly halfWidth: number;
  /** The variables of the origin. */
  readonly start: Float64Array;
  variables: Float64Array;
}

/**
 * @param origin the image to begin with
 * @param slack above 0, a share of the box's width
 */
export function tanhBox(origin: Float32Array, slack: number): TanhBox {
  const halfWidth = (1 + slack) / 2;
  const start = Float64Array.from(origin, (pixel) => Math.atanh((pixel - 0.5) / halfWidth));
  return { origin, halfWidth, start, variables: start.slice() };
}

/** The image at the present variables; exactly the one it began with where they have not moved. */
export function imageIn({ origin, halfWidth, start, variables }: TanhBox): Float32Array {
  return origin.map((pixel, at) => {
    const variable = variables[at]!;
    if (variable === start[at]) return pixel;
    return Math.min(Math.max(0.5 + halfWidth * Math.tanh(variable), 0), 1);
  });
}

/** A gradient by the pixels as one by the variables. */
export function pullBack({ halfWidth, variables }: TanhBox, gradient: Float64Array): Float64Array {
  return gradient.map((value, at) => value * halfWidth * (1 - Math.tanh(variables[at]!) ** 2));
}

/** Moves the variables, at most to where their pixels reach 0 or 1. */
export function moveVariables(box: TanhBox, step: Float64Array): void {
  const end = Math.atanh(0.5 / box.halfWidth);
  box.variables = box.variables.map((variable, at) => Math.min(Math.max(variable + step[at]!, -end), end));
}
