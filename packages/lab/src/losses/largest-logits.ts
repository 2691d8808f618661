import { argMax, cast, fill, oneHot, where, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';

/**
 * Where the largest logits of each row are, the largest first and of equal ones the first: one 0/1 matrix
 * `[n, classes]` (float32) for each rank.
 *
 * @param count how many ranks, at most as many as there are classes that are not `without`
 * @param without 1 where a logit does not take part
 */
export function largestLogitMasks(logits: Tensor2D, count: number, without?: Tensor2D): Tensor2D[] {
  const classes = logits.shape[1];
  const hidden = fill<Rank.R2>(logits.shape, -Infinity);
  let remaining: Tensor2D = without === undefined ? logits : where(cast(without, 'bool'), hidden, logits);
  return Array.from({ length: count }, () => {
    const mask = cast(oneHot(argMax(remaining, 1), classes), 'float32') as Tensor2D;
    remaining = where(cast(mask, 'bool'), hidden, remaining);
    return mask;
  });
}
