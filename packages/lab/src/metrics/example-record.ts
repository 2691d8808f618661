import { encodePositions, type ExampleRecord } from '@retort/contracts';
import type { AttackOutcome } from '../attacks/attack.js';

/**
 * What became of each attacked example, by its position in the test split.
 *
 * @param indices the position of each example
 * @param test how many images the test split has
 */
export function exampleRecord(attacked: {
  indices: readonly number[];
  labels: ArrayLike<number>;
  test: number;
  outcome: Pick<AttackOutcome, 'predicted' | 'success'>;
}): ExampleRecord {
  const { indices, labels, test, outcome } = attacked;
  const { predicted, success } = outcome;
  return {
    test,
    attacked: encodePositions(indices, test),
    succeeded: encodePositions(
      indices.filter((_, at) => success[at]),
      test,
    ),
    correct: encodePositions(
      indices.filter((_, at) => predicted[at] === labels[at]),
      test,
    ),
  };
}
