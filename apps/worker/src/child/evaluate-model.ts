import type { EvaluateJob } from '@retort/contracts';
import { evaluate } from '@retort/lab';
import { samplesOf, writeAdversarialImages } from './adversarial-images.js';
import { chosenBatches } from './batches.js';
import { chooseExamples } from './choose-examples.js';
import { codeVersion } from './code-version.js';
import { loadModel, type LoadedModel } from './load-model.js';
import { inputIn, provenance, tellProgress, type Computed, type ComputeTask } from './task.js';

/** Says whether a net resists as it is deployed or only hides its gradient, and keeps the strongest image of each example. */
export async function evaluateModel(task: ComputeTask<EvaluateJob>): Promise<Computed> {
  const started = performance.now();
  const { job, signal } = task;
  const { test } = await task.datasets.load(task);
  const examples = await chooseExamples(task, job.examples, test);
  const { images, labels, indices, count, available } = examples;
  const loaded: LoadedModel[] = [];
  const load = async (input: (typeof task.inputs)[number]) => {
    const model = await loadModel(input);
    loaded.push(model);
    return model;
  };
  try {
    const { classifier, result: model } = await load(inputIn(task, 'model'));
    const surrogates = [];
    for (const input of task.inputs.filter(({ role }) => role.startsWith('surrogate:'))) {
      surrogates.push({ name: input.name, classifier: (await load(input)).classifier });
    }
    const batches = await chosenBatches(task, classifier, examples);
    const evaluated = await evaluate({
      classifier,
      images,
      labels,
      indices,
      seed: job.seed,
      trainingTemperature: model.training_temperature,
      surrogates,
      parameters: job.threat,
      batchSize: batches.size,
      signal,
      onProgress: (fraction, stage) => tellProgress(task, fraction, stage),
    });
    const result = {
      kind: 'evaluate' as const,
      ...evaluated.evaluation,
      examples: { choose: job.examples.choose, count, available },
      samples: samplesOf(examples, evaluated),
      provenance: provenance(task, codeVersion, started, batches),
    };
    return { result, files: [await writeAdversarialImages(task.folder, examples, evaluated)] };
  } finally {
    for (const { net } of loaded) net.dispose();
  }
}
