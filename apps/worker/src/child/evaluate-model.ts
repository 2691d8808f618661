import type { EvaluateJob } from '@retort/contracts';
import {
  evaluate,
  evaluatePart,
  mergeBlows,
  type BlowRecord,
  type EvaluateOptions,
  type EvaluationCheckpoint,
} from '@retort/lab';
import { samplesOf, writeAdversarialImages } from './adversarial-images.js';
import { chosenBatches, type Batches } from './batches.js';
import { chooseExamples, type ChosenExamples } from './choose-examples.js';
import { codeVersion } from './code-version.js';
import { loadModel, type LoadedModel } from './load-model.js';
import { provenanceOver, rangeOf, readParts, writePart } from './parts.js';
import { inputIn, provenance, tellProgress, type Computed, type ComputeTask } from './task.js';

/** Says whether a net resists as it is deployed or only hides its gradient, and keeps the strongest image of each example. */
export async function evaluateModel(task: ComputeTask<EvaluateJob>): Promise<Computed> {
  const started = performance.now();
  const { job, share, checkpoints } = task;
  const { test } = await task.datasets.load(task);
  const examples = await chooseExamples(task, job.examples, test);
  const { count, available } = examples;
  const known = share.role === 'merge' ? await readParts<BlowRecord>(share) : [];
  const parts = known.filter((part) => part !== undefined);
  // What a checkpoint holds of a merge has what its parts have found in it.
  const resume = (await checkpoints.resumed<EvaluationCheckpoint>()) ?? {
    blows: mergeBlows(parts.map(({ finding }) => finding)),
  };
  return withNets(task, examples, async (options, batches) => {
    const made = () => provenance(task, codeVersion, started, batches);
    if (share.role === 'part') {
      const finding = await evaluatePart({ ...options, resume }, rangeOf(count, share));
      return writePart(task, { finding, provenance: made() });
    }
    const evaluated = await evaluate({ ...options, resume });
    const result = {
      kind: 'evaluate' as const,
      ...evaluated.evaluation,
      examples: { choose: job.examples.choose, count, available },
      samples: samplesOf(examples, evaluated),
      provenance: provenanceOver([made(), ...parts.map((part) => part.provenance)]),
    };
    return { result, files: [await writeAdversarialImages(task.folder, examples, evaluated)] };
  });
}

/** Works with the net that is evaluated and its surrogates, and disposes of them. */
async function withNets<T>(
  task: ComputeTask<EvaluateJob>,
  examples: ChosenExamples,
  work: (options: EvaluateOptions, batches: Batches) => Promise<T>,
): Promise<T> {
  const { job, signal, checkpoints } = task;
  const { images, labels, indices } = examples;
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
    const options = {
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
      onProgress: (fraction: number, stage: string) => tellProgress(task, fraction, stage),
      onCheckpoint: (take: () => EvaluationCheckpoint) => checkpoints.offer(take, 'between two iterations'),
    };
    return await work(options, batches);
  } finally {
    for (const { net } of loaded) net.dispose();
  }
}
