import {
  argMax,
  cast,
  customGrad,
  expandDims,
  fill,
  mul,
  oneHot,
  sub,
  sum,
  tidy,
  where,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { Loss } from './loss.js';

/**
 * The margin loss max over j ≠ y of z_j, minus z_y (Carlini and Wagner 2016, f6 with kappa = ∞): above 0 once another class wins.
 *
 * Its gradient is that of two logits and so never vanishes with the probabilities, and no logit scale changes its direction.
 * Where several other logits tie for the largest, the gradient is that of the first alone: the sum over all of them,
 * which differentiating the maximum gives in TensorFlow.js, is no subgradient.
 */
export const margin: Loss = (logits, labels) => {
  const loss = customGrad((...inputs) => {
    const [z, save] = inputs as unknown as [Tensor2D, (tensors: Tensor[]) => void];
    const selection = tidy(() => runnerUpMinusLabel(z, labels));
    save([selection]);
    return {
      value: tidy(() => sum<Tensor1D>(mul(z, selection), 1)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => mul(saved[0]!, expandDims(dy, 1)),
    };
  });
  return loss(logits);
};

/** For each row +1 at the largest logit but the label's, -1 at the label's, and 0 elsewhere. */
function runnerUpMinusLabel(logits: Tensor2D, labels: Tensor1D): Tensor {
  const classes = logits.shape[1];
  const label = oneHot(labels, classes);
  const others = where(cast(label, 'bool'), fill(logits.shape, -Infinity), logits);
  return cast(sub(oneHot(argMax(others, 1), classes), label), 'float32');
}
