import type { Examples, Provenance } from '@retort/contracts';
import { BatchSize, chooseBatchSize, type Classifier } from '@retort/lab';
import type { ComputeTask } from './task.js';

/** How many examples go through a net at a time in a task, and what its result says of that. */
export interface Batches {
  readonly size: BatchSize;
  said(): Pick<Provenance, 'batch_size' | 'fallbacks'>;
}

/** Batches of a size, or of the most that the supervisor allows; it is told of the size, and when memory runs out. */
export function batchesOf({ batchLimit, tell }: ComputeTask, wanted: number): Batches {
  const first = Math.min(wanted, batchLimit ?? Infinity);
  const size = new BatchSize(first, (halved) => tell({ type: 'batch', size: halved, halved: true }));
  tell({ type: 'batch', size: first, halved: false });
  const ranOut = () => batchLimit !== undefined || size.size < first;
  return {
    size,
    said: () => ({
      batch_size: size.size,
      fallbacks: ranOut() ? [`memory ran out in larger batches: it went on with ${size.size} examples at a time`] : [],
    }),
  };
}

/** Batches of the size at which gradients of a classifier come fastest within the memory that the child may hold. */
export async function chosenBatches(
  task: ComputeTask,
  classifier: Classifier,
  { images, count }: Pick<Examples, 'images' | 'count'>,
): Promise<Batches> {
  // Half of what is left, since JavaScript and the attack itself need some too.
  const memory = (task.memory - process.memoryUsage.rss()) / 2;
  return batchesOf(task, await chooseBatchSize({ classifier, images, count, memory, signal: task.signal }));
}
