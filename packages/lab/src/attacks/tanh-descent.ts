import { adam, adamStep, type Adam } from './adam.js';
import { imageIn, moveVariables, pullBack, tanhBox, type TanhBox } from './tanh-box.js';

/**
 * An image on its way down an objective by Adam in tanh space (Carlini and Wagner 2016, arXiv 1608.04644); plain data,
 * so that a checkpoint can hold it.
 */
export interface TanhDescent {
  readonly box: TanhBox;
  readonly adam: Adam;
  /** The lowest objective so far, and that when a stall was last asked for. */
  lowest: number;
  lowestBefore: number;
}

/**
 * @param origin the image to begin with
 * @param slack of the tanh box
 * @param learningRate of Adam
 */
export function tanhDescent(origin: Float32Array, slack: number, learningRate: number): TanhDescent {
  return {
    box: tanhBox(origin, slack),
    adam: adam(origin.length, learningRate),
    lowest: Infinity,
    lowestBefore: Infinity,
  };
}

/** The image as it is now. */
export function imageOn({ box }: TanhDescent): Float32Array {
  return imageIn(box);
}

/**
 * One step of Adam.
 *
 * @param objective at the present image
 * @param gradient the objective's, by the pixels
 */
export function stepDown(descent: TanhDescent, objective: number, gradient: Float64Array): void {
  descent.lowest = Math.min(descent.lowest, objective);
  moveVariables(descent.box, adamStep(descent.adam, pullBack(descent.box, gradient)));
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
