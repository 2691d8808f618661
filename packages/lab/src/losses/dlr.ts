import {
  cast,
  div,
  equal,
  expandDims,
  mul,
  oneHot,
  onesLike,
  sub,
  sum,
  tensor1d,
  where,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { withExplicitGradient } from './explicit-gradient.js';
import { largestLogitMasks } from './largest-logits.js';
import type { Evaluation, Loss } from './loss.js';
import { margin, runnerUpMinusLabel } from './margin.js';

/**
 * The difference of logits ratio: the margin loss over z_π1 - z_π3, the largest logit minus the third largest.
 *
 * Croce and Hein 2020, arXiv 2003.01690, equation 6. Neither shifting nor scaling the logits changes it: it lies in
 * [-1, 0] while the label wins. With two classes there is no third logit; the loss is then the margin itself, since
 * any ratio of the two logits' difference to itself is constant. A targeted attack climbs the targeted ratio, since that
 * of a target which is the third class is constant as well.
 */
export const dlr: Loss = Object.assign(
  withExplicitGradient((logits, labels) =>
    logits.shape[1] < 3 ? margin.evaluate(logits, labels) : ratio(logits, labels),
  ),
  { aimedAt: targetedDlr },
);

function ratio(logits: Tensor2D, labels: Tensor1D): Evaluation {
  const [first, , third] = largestLogitMasks(logits, 3);
  return quotient(logits, runnerUpMinusLabel(logits, labels), sub(first!, third!));
}

/**
 * The targeted difference of logits ratio: (z_t - z_y) over z_π1 - (z_π3 + z_π4) / 2, for a target t of each example.
 *
 * Croce and Hein 2020, arXiv 2003.01690, equation 7. It is climbed, with the true labels y. With fewer than four classes
 * it is z_t - z_y itself: over z_π1 - z_π3 it would be constant wherever y and t are the first and the third.
 *
 * @param targets one class an example, in the order of the logits
 */
export function targetedDlr(targets: readonly number[]): Loss {
  return withExplicitGradient((logits, labels) => {
    const classes = logits.shape[1];
    const target = oneHot(tensor1d([...targets], 'int32'), classes);
    const numerator = cast(sub(target, oneHot(labels, classes)), 'float32') as Tensor2D;
    if (classes < 4) return { value: weighted(logits, numerator), derivative: numerator };
    const [first, , third, fourth] = largestLogitMasks(logits, 4);
    return quotient(logits, numerator, sub(sub(first!, div(third!, 2)), div(fourth!, 2)));
  });
}

/** The quotient of two weighted sums of each row, the weights held fixed; a divisor of 0, where logits tie, counts as 1. */
function quotient(logits: Tensor2D, numerator: Tensor2D, denominator: Tensor2D): Evaluation {
  const dividend = weighted(logits, numerator);
  const spread = weighted(logits, denominator);
  const divisor = where<Tensor1D>(equal(spread, 0), onesLike(spread), spread);
  const value = div<Tensor1D>(dividend, divisor);
  const derivative = div<Tensor2D>(sub(numerator, mul(denominator, expandDims(value, 1))), expandDims(divisor, 1));
  return { value, derivative };
}

function weighted(logits: Tensor2D, weights: Tensor2D): Tensor1D {
  return sum<Tensor1D>(mul(logits, weights), 1);
}
