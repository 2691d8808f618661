import type { Rate } from '@retort/contracts';
import { rateOf } from '@retort/statistics';

/**
 * The share of examples whose predicted class is the true one.
 *
 * @throws RangeError when there are not as many predictions as labels
 */
export function accuracy(predicted: ArrayLike<number>, labels: ArrayLike<number>): Rate {
  if (predicted.length !== labels.length) {
    throw new RangeError(`${labels.length} labels need as many predictions, not ${predicted.length}`);
  }
  return rateOf(Array.from(labels).filter((label, at) => label === predicted[at]).length, labels.length);
}
