import type { EarlyStopping } from '@retort/contracts';
import type { Net } from '../nets/net.js';
import { encodeWeights } from '../weights/weights.js';
import type { Validation } from './validation.js';

/** The best epoch of a training so far. */
export interface BestEpoch {
  readonly epoch: number;
  /** The more, the better. */
  readonly score: number;
  /** As `encodeWeights` gives them. */
  readonly weights: Uint8Array;
}

/** The better of the best epoch so far and the one that the net has just ended. */
export async function betterEpoch(
  best: BestEpoch | undefined,
  { monitor, min_delta }: EarlyStopping,
  { net, measured, epoch }: { net: Net; measured: Validation; epoch: number },
): Promise<BestEpoch> {
  const score = monitor === 'accuracy' ? measured.correct / measured.examples : -measured.loss;
  if (best && score <= best.score + min_delta) return best;
  return { epoch, score, weights: await encodeWeights(net) };
}

/** Whether the best epoch lies as far back as patience goes. */
export function isExhausted(best: BestEpoch | undefined, { patience }: EarlyStopping, epochs: number): boolean {
  return best !== undefined && epochs - best.epoch >= patience;
}
