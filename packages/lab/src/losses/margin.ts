import { cast, mul, oneHot, sub, sum, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { withExplicitGradient, type ExplicitLoss } from './explicit-gradient.js';
import { largestLogitMasks } from './largest-logits.js';

/**
 * The margin loss max over j ≠ y of z_j, minus z_y (Carlini and Wagner 2016, f6 with kappa = ∞): above 0 once another class wins.
 *
 * Its gradient is that of two logits and so never vanishes with the probabilities, and no logit scale changes its direction.
 * Where several other logits tie for the largest, the gradient is that of the first alone.
 */
export const margin: ExplicitLoss = Object.assign(
  withExplicitGradient((logits, labels) => {
    const derivative = runnerUpMinusLabel(logits, labels);
    return { value: sum<Tensor1D>(mul(logits, derivative), 1), derivative };
  }),
  { ofRow: marginOfRow, derivativeOfRow },
);

function marginOfRow(logits: Float32Array, label: number): number {
  return Math.fround(logits[runnerUpOf(logits, label)]! - logits[label]!);
}

function derivativeOfRow(logits: Float32Array, label: number): Float32Array {
  const derivative = new Float32Array(logits.length);
  derivative[runnerUpOf(logits, label)] = 1;
  derivative[label] = -1;
  return derivative;
}

/** The class of the largest logit but the label's; of equal ones, the first. */
function runnerUpOf(logits: Float32Array, label: number): number {
  let runnerUp = label === 0 ? 1 : 0;
  for (let other = runnerUp + 1; other < logits.length; other++) {
    if (other !== label && logits[other]! > logits[runnerUp]!) runnerUp = other;
  }
  return runnerUp;
}

/** For each row +1 at the largest logit but the label's, -1 at the label's, and 0 elsewhere. */
export function runnerUpMinusLabel(logits: Tensor2D, labels: Tensor1D): Tensor2D {
  const label = cast(oneHot(labels, logits.shape[1]), 'float32') as Tensor2D;
  const [runnerUp] = largestLogitMasks(logits, 1, label);
  return sub(runnerUp!, label);
}
