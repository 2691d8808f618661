import type { Examples } from '../examples.js';
import type { Net } from '../nets/net.js';
import { largestLogits, predictLogits } from '../predict.js';
import { logSumExpAt } from './softmax.js';

/** How a net does on the validation examples. */
export interface Validation {
  readonly examples: number;
  readonly correct: number;
  /** Mean cross-entropy at the training temperature; not finite when a logit is not. */
  readonly loss: number;
  /** The class given most often. */
  readonly commonest: { readonly class: number; readonly predicted: number; readonly labelled: number };
  /** Whether every example gets the same logits, bit for bit. */
  readonly logitsEqual: boolean;
}

/** Measures a net on the validation examples, with nothing dropped. */
export async function validate(
  net: Net,
  examples: Examples,
  temperature: number,
  signal?: AbortSignal,
): Promise<Validation> {
  const { labels, count } = examples;
  const { classes } = net;
  const logits = await predictLogits(net, examples.images, count, undefined, signal);
  const loss = meanCrossEntropy(logits, labels, classes, temperature);
  // No class is right for a NaN; the loss, which is then NaN as well, says so.
  const predicted = Number.isFinite(loss) ? largestLogits(logits, classes) : new Uint8Array(count);
  return {
    examples: count,
    correct: countWhere(count, (index) => predicted[index] === labels[index]),
    loss,
    commonest: commonestClass(predicted, labels, classes),
    logitsEqual: logits.every((logit, index) => logit === logits[index % classes]),
  };
}

function meanCrossEntropy(logits: Float32Array, labels: Uint8Array, classes: number, temperature: number): number {
  let sum = 0;
  for (const [row, label] of labels.entries()) {
    const own = logits.subarray(row * classes, (row + 1) * classes);
    sum += logSumExpAt(own, temperature) - own[label]! / temperature;
  }
  return sum / labels.length;
}

function commonestClass(predicted: Uint8Array, labels: Uint8Array, classes: number): Validation['commonest'] {
  const counts = Array.from({ length: classes }, (_, each) =>
    countWhere(predicted.length, (index) => predicted[index] === each),
  );
  const most = counts.indexOf(Math.max(...counts));
  return {
    class: most,
    predicted: counts[most]!,
    labelled: countWhere(labels.length, (index) => labels[index] === most),
  };
}

function countWhere(length: number, holds: (index: number) => boolean): number {
  let count = 0;
  for (let index = 0; index < length; index++) if (holds(index)) count++;
  return count;
}
