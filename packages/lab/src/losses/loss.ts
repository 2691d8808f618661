import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { AttackLoss } from '@retort/contracts';
import { crossEntropy } from './cross-entropy.js';
import { dlr } from './dlr.js';
import { margin } from './margin.js';

/**
 * What an attack climbs: the loss `[n]` of each example, from logits `[n, classes]` and labels `[n]` (int32).
 *
 * An untargeted attack climbs the loss of the true label; a targeted one descends that of its target, unless the loss has
 * a form of its own for that.
 */
export interface Loss {
  (logits: Tensor2D, labels: Tensor1D): Tensor1D;
  /**
   * The same of one row of logits, where it takes no engine: to send a few numbers through one costs more than a pass of a
   * small net.
   */
  readonly ofRow?: (logits: Float32Array, label: number) => number;
  /** The derivative of that by the row's logits. */
  readonly derivativeOfRow?: (logits: Float32Array, label: number) => Float32Array;
  /** The same with its derivative, where the loss states it: TensorFlow.js then need not keep a record to derive it from. */
  readonly evaluate?: (logits: Tensor2D, labels: Tensor1D) => Evaluation;
  /**
   * What a targeted attack climbs, with the true labels, in place of descending this loss of its target.
   *
   * @param targets one class an example, in the order of the logits
   */
  readonly aimedAt?: (targets: readonly number[]) => Loss;
}

/** The value of each example's loss, and its derivative by the logits. */
export interface Evaluation {
  /** `[n]` */
  readonly value: Tensor1D;
  /** `[n, classes]` */
  readonly derivative: Tensor2D;
}

/**
 * The loss of that name.
 *
 * @param temperature divides the logits before a softmax, above 0; only the cross-entropy uses it
 */
export function lossNamed(name: AttackLoss, temperature: number): Loss {
  switch (name) {
    case 'cross-entropy':
      return crossEntropy(temperature);
    case 'margin':
      return margin;
    case 'dlr':
      return dlr;
  }
}
