import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelResult, OutputFile } from '@retort/contracts';
import type { Dataset } from '@retort/datasets';
import { accuracy, largestLogits, predictLogits, type Classifier } from '@retort/lab';
import { batchesOf } from './batches.js';
import { codeVersion } from './code-version.js';
import type { FinishedNet } from './load-model.js';
import { provenance, type ComputeTask } from './task.js';

type Told = Pick<
  ModelResult,
  'kind' | 'training_temperature' | 'deployment_temperature' | 'input_noise' | 'targets' | 'train_loss' | 'epochs'
>;

/** What describing a net takes. */
interface Described {
  readonly net: FinishedNet;
  /** The file of its weights. */
  readonly weights: OutputFile;
  /** The net as it is deployed. */
  readonly classifier: Classifier;
  readonly dataset: Dataset;
  /** Milliseconds of `performance.now()`. */
  readonly started: number;
}

/** Images of a batch where a net is only asked for its answers. */
const TESTED_AT_A_TIME = 256;

/** Tests a finished net, and writes its predictions on the test set, by which attacks choose their examples. */
export async function describeModel(
  task: ComputeTask,
  { net, weights, classifier, dataset, started }: Described,
  told: Told,
): Promise<{ result: ModelResult; files: OutputFile[] }> {
  const { test, validation } = dataset;
  const { signal, folder } = task;
  const batches = batchesOf(task, TESTED_AT_A_TIME);
  const logits = await predictLogits(classifier, test.images, test.count, batches.size, signal);
  const predictions = largestLogits(logits, net.classes);
  const validated = largestLogits(
    await predictLogits(classifier, validation.images, validation.count, batches.size, signal),
    net.classes,
  );
  const path = join(folder, 'predictions.bin');
  await writeFile(path, predictions);
  const result: ModelResult = {
    ...told,
    architecture: net.architecture,
    ...(net.imported && { imported: net.imported }),
    parameter_count: net.parameterCount,
    test_accuracy: accuracy(predictions, test.labels),
    validation_accuracy: accuracy(validated, validation.labels),
    logit_margin: margins(logits, net.classes),
    provenance: provenance(task, codeVersion, started, batches),
  };
  return { result, files: [weights, { name: 'predictions', path, media_type: 'application/octet-stream' }] };
}

/** The spread of the largest minus the second largest logit: beyond about 17 float32 gradients go wrong, beyond 104 they vanish. */
function margins(logits: Float32Array, classes: number): ModelResult['logit_margin'] {
  const margins = new Float64Array(logits.length / classes).map((_, row) => {
    const [first, second] = [...logits.subarray(row * classes, (row + 1) * classes)].sort((a, b) => b - a);
    return first! - second!;
  });
  margins.sort();
  const quantile = (q: number) => margins[Math.min(margins.length - 1, Math.floor(q * margins.length))]!;
  return { median: quantile(0.5), p95: quantile(0.95) };
}
