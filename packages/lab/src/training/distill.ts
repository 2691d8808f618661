import type { Classifier } from '../classifier.js';
import type { Examples } from '../examples.js';
import { predictLogits } from '../predict.js';
import { softmaxAt } from './softmax.js';

/**
 * What a teacher says of every example at a temperature: softmax(logits / T), the soft labels of defensive distillation
 * (Papernot et al. 2015, arXiv 1511.04508, section IV). Give them to `train` as `targets`.
 *
 * The teacher answers as a classifier in use, with nothing dropped. (The public code of Song (2017) drops units here.)
 *
 * @param temperature T, above 0: the one at which the teacher was trained
 * @param batchSize how many examples go through the teacher at a time
 * @returns `count x classes` probabilities, one example after the other
 * @throws RangeError when teacher and data have another number of classes; the signal's reason when it is aborted
 */
export async function softLabels({
  teacher,
  data,
  temperature,
  batchSize,
  signal,
}: {
  teacher: Classifier;
  data: Examples;
  temperature: number;
  batchSize?: number;
  signal?: AbortSignal;
}): Promise<Float32Array> {
  if (!(temperature > 0 && Number.isFinite(temperature))) {
    throw new RangeError(`soft labels need a finite temperature above 0, not ${temperature}`);
  }
  if (teacher.classes !== data.classes) {
    throw new RangeError(`the teacher knows ${teacher.classes} classes, but the data has ${data.classes}`);
  }
  const logits = await predictLogits(teacher, data.images, data.count, batchSize, signal);
  return softmaxAt(logits, data.classes, temperature);
}
