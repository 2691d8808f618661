import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { AttackLoss } from '@retort/contracts';
import { crossEntropy } from './cross-entropy.js';
import { dlr } from './dlr.js';
import { margin } from './margin.js';

/**
 * What an attack climbs: the loss `[n]` of each example, from logits `[n, classes]` and labels `[n]` (int32).
 *
 * An untargeted attack climbs the loss of the true label, a targeted one descends that of its target.
 */
export type Loss = (logits: Tensor2D, labels: Tensor1D) => Tensor1D;

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
