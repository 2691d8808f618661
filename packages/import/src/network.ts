import type { Tensor } from '@tensorflow/tfjs-core';

/** What was taken off the end of a net so that it gives logits. */
export type RemovedHead = 'none' | 'softmax' | 'log_softmax' | 'sigmoid';

/** What a file holds: a differentiable map from inputs of its own shape to outputs, in inference mode. */
export interface Network {
  /** The shape of one input, without the batch; null where any extent will do, undefined where the file does not say. */
  readonly inputShape: readonly (number | null)[] | undefined;
  /** The outputs of a batch `[n, ...inputShape]`, before the head that was removed; the caller disposes them. */
  outputs(batch: Tensor): Tensor;
  readonly removed: RemovedHead;
  /** How many numbers its weights hold. */
  readonly parameterCount: number;
  /** Frees the weights; the net cannot be used after it. */
  dispose(): void;
}
