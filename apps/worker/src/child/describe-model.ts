import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelResult, OutputFile } from '@retort/contracts';
import type { Dataset } from '@retort/datasets';
import { accuracy, encodeWeights, largestLogits, predictLogits, type Classifier, type Net } from '@retort/lab';
import { codeVersion } from './code-version.js';
import { provenance, type Computed, type ComputeTask } from './task.js';

type Told = Pick<
  ModelResult,
  'kind' | 'training_temperature' | 'deployment_temperature' | 'input_noise' | 'targets' | 'train_loss' | 'epochs'
>;

/** Tests a finished net, and writes its weights and its predictions on the test set, by which attacks choose their examples. */
export async function describeModel(
  task: ComputeTask,
  { net, classifier, dataset, started }: { net: Net; classifier: Classifier; dataset: Dataset; started: number },
  told: Told,
): Promise<Computed> {
  const { test, validation } = dataset;
  const { signal, folder } = task;
  const logits = await predictLogits(classifier, test.images, test.count, undefined, signal);
  const predictions = largestLogits(logits, test.classes);
  const validated = largestLogits(
    await predictLogits(classifier, validation.images, validation.count, undefined, signal),
    validation.classes,
  );
  const files: OutputFile[] = [
    { name: 'weights', path: join(folder, 'weights.safetensors'), media_type: 'application/vnd.safetensors' },
    { name: 'predictions', path: join(folder, 'predictions.bin'), media_type: 'application/octet-stream' },
  ];
  await writeFile(files[0]!.path, await encodeWeights(net));
  await writeFile(files[1]!.path, predictions);
  const result: ModelResult = {
    ...told,
    architecture: net.architecture,
    parameter_count: net.parameterCount,
    test_accuracy: accuracy(predictions, test.labels),
    validation_accuracy: accuracy(validated, validation.labels),
    logit_margin: margins(logits, test.classes),
    provenance: provenance(task, codeVersion, started),
  };
  return { result, files };
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
