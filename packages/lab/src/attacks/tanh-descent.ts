const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/**
 * An image on its way down an objective, as the tanh of variables without bounds, so that no step leaves the pixel box,
 * by Adam in float64; plain data, so that a checkpoint can hold it.
 *
 * Carlini and Wagner 2016, arXiv 1608.04644, section V.B; Kingma and Ba 2014, arXiv 1412.6980, with its constants. With
 * Carlini and Wagner a pixel at exactly 0 or 1 is infinitely far out, and freezes; here the tanh spans a box wider than the
 * pixels' by `slack`, and the variables stop at the pixels' ends, so that such a pixel has a derivative and moves.
 */
export interface TanhDescent {
  /** The image as it is now, changed in place; where its variables have not moved, exactly the one it began with. */
  readonly image: Float32Array;
  readonly learningRate: number;
  readonly halfWidth: number;
  readonly variables: Float64Array;
  /** The tanh of each variable, of which the image was made. */
  readonly tanhs: Float64Array;
  /** Adam's moments, and how many steps they have seen. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  steps: number;
  /** The lowest objective so far, and that when a stall was last asked for. */
  lowest: number;
  lowestBefore: number;
}

/**
 * @param origin the image to begin with
 * @param slack above 0, a share of the box's width
 * @param learningRate of Adam
 */
export function tanhDescent(origin: Float32Array, slack: number, learningRate: number): TanhDescent {
  const pixels = origin.length;
  const halfWidth = (1 + slack) / 2;
  const tanhs = new Float64Array(pixels);
  const variables = new Float64Array(pixels);
  for (let at = 0; at < pixels; at++) {
    tanhs[at] = (origin[at]! - 0.5) / halfWidth;
    variables[at] = Math.atanh(tanhs[at]!);
  }
  return {
    image: origin.slice(),
    learningRate,
    halfWidth,
    variables,
    tanhs,
    first: new Float64Array(pixels),
    second: new Float64Array(pixels),
    steps: 0,
    lowest: Infinity,
    lowestBefore: Infinity,
  };
}

/**
 * One step of Adam, in one pass over the pixels: most of an attack's time that is not the classifier's is spent here.
 *
 * @param objective at the present image
 * @param gradient the objective's, by the pixels
 */
export function stepDown(descent: TanhDescent, objective: number, gradient: Float64Array): void {
  const { image, halfWidth, variables, tanhs, first, second } = descent;
  descent.lowest = Math.min(descent.lowest, objective);
  descent.steps++;
  const rate = descent.learningRate / (1 - BETA1 ** descent.steps);
  const secondScale = 1 / (1 - BETA2 ** descent.steps);
  const end = Math.atanh(0.5 / halfWidth);
  for (let at = 0; at < variables.length; at++) {
    const slope = gradient[at]! * halfWidth * (1 - tanhs[at]! ** 2);
    first[at] = BETA1 * first[at]! + (1 - BETA1) * slope;
    second[at] = BETA2 * second[at]! + (1 - BETA2) * slope * slope;
    const step = (rate * first[at]!) / (Math.sqrt(second[at]! * secondScale) + EPSILON);
    const variable = Math.min(Math.max(variables[at]! - step, -end), end);
    // Many pixels stay at their end, and tanh is dear.
    if (variable === variables[at]) continue;
    variables[at] = variable;
    tanhs[at] = tanh(variable);
    if (Math.abs(variable) === end) image[at] = variable < 0 ? 0 : 1;
    else image[at] = Math.min(Math.max(0.5 + halfWidth * tanhs[at]!, 0), 1);
  }
}

/**
 * Whether the lowest objective is hardly lower than when this was last asked; the last one would not do, since it swings
 * about the boundary.
 */
export function hasStalled(descent: TanhDescent): boolean {
  const stalled = descent.lowest > 0.9999 * descent.lowestBefore;
  descent.lowestBefore = descent.lowest;
  return stalled;
}

/** By one exponential, in half the time of `Math.tanh`; to 1e-16 of 1 rather than of itself, which no pixel shows. */
function tanh(value: number): number {
  return 1 - 2 / (Math.exp(2 * value) + 1);
}
