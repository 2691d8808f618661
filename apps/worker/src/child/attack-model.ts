import { resolveTemperature, type AttackJob, type Provenance } from '@retort/contracts';
import {
  attackMetrics,
  attackNamed,
  exampleRecord,
  mergeOutcomes,
  transferConfidence,
  type AttackCheckpoint,
  type AttackOutcome,
  type Classifier,
} from '@retort/lab';
import { samplesOf, writeAdversarialImages } from './adversarial-images.js';
import { chosenBatches } from './batches.js';
import { chooseExamples, examplesIn, type ChosenExamples } from './choose-examples.js';
import { codeVersion } from './code-version.js';
import { loadModel } from './load-model.js';
import { provenanceOver, rangeOf, readParts, writePart, type Part, type Range } from './parts.js';
import { inputIn, provenance, tellProgress, type Computed, type ComputeTask } from './task.js';

/** What an attack has found of some of its examples. */
interface Finding {
  readonly outcome: AttackOutcome;
  /** What the metrics have to know of the classifier that the images are made on. */
  readonly classifier: Pick<Classifier, 'inputShape' | 'classes' | 'rejection'>;
}

/** Attacks a net as it is deployed, or tries on it the images that are made on another; keeps every adversarial image. */
export async function attackModel(task: ComputeTask<AttackJob>): Promise<Computed> {
  const { job, share } = task;
  const { test } = await task.datasets.load(task);
  const examples = await chooseExamples(task, job.examples, test);
  const { count } = examples;
  switch (share.role) {
    case 'whole':
      return merge(task, examples, test.count, [await attackIn(task, examples, [0, count])]);
    case 'part':
      return writePart(task, await attackIn(task, examples, rangeOf(count, share)));
    case 'merge': {
      const parts: Part<Finding>[] = [];
      const known = await readParts<Finding>(share);
      for (const [shard, part] of known.entries()) {
        parts.push(part ?? (await attackIn(task, examples, rangeOf(count, { shard, shards: known.length }))));
      }
      return merge(task, examples, test.count, parts);
    }
  }
}

/** The result of the whole attack, from what was found of all its examples in their order. */
async function merge(
  task: ComputeTask<AttackJob>,
  examples: ChosenExamples,
  test: number,
  parts: readonly Part<Finding>[],
): Promise<Computed> {
  const started = performance.now();
  const { job, folder } = task;
  const { images: originals, labels, indices, count, available } = examples;
  const origin = task.inputs.find(({ role }) => role === 'source');
  const outcome = mergeOutcomes(parts.map(({ finding }) => finding.outcome));
  const [first, ...others] = parts.map((part) => part.provenance) as [Provenance, ...Provenance[]];
  const { classifier } = parts[0]!.finding;
  const files = [await writeAdversarialImages(folder, examples, outcome)];
  const metrics = attackMetrics({ classifier, originals, labels, clean: examples.predicted, outcome });
  const merging = { ...first, fallbacks: [], compute_seconds: (performance.now() - started) / 1000 };
  const result = {
    kind: 'attack' as const,
    attack: job.attack,
    parameters: job.parameters,
    ...(origin && { source: origin.name }),
    examples: { choose: job.examples.choose, count, available, test },
    metrics,
    record: exampleRecord({ indices, labels, test, outcome }),
    samples: samplesOf(examples, outcome),
    provenance: provenanceOver([first, ...others, merging]),
  };
  return { result, files };
}

/** Attacks the examples from one up to another. */
async function attackIn(task: ComputeTask<AttackJob>, all: ChosenExamples, range: Range): Promise<Part<Finding>> {
  const started = performance.now();
  const { job, signal, checkpoints, share } = task;
  const examples = examplesIn(all, range);
  const { images, labels, indices, count } = examples;
  const origin = task.inputs.find(({ role }) => role === 'source');
  const attacked = await loadModel(inputIn(task, 'model'));
  const source = origin && (await loadModel(origin));
  const { classifier, result: model } = source ?? attacked;
  try {
    const attack = attackNamed(job.attack);
    const batches = await chosenBatches(task, classifier, examples);
    const outcome = await attack.run(
      {
        classifier,
        transferTo: source && attacked.classifier,
        confidence: source && transferConfidence(attack.name),
        images,
        labels,
        indices,
        seed: job.seed,
        batchSize: batches.size,
        signal,
        onProgress: (done) => tellProgress(task, done / count, `${done} of ${count} examples`),
        // A merge that attacks the examples of a lost part begins with them anew.
        ...(share.role !== 'merge' && {
          resume: await checkpoints.resumed<AttackCheckpoint>(),
          onCheckpoint: (take: () => AttackCheckpoint) => checkpoints.offer(take, 'between two iterations'),
        }),
      },
      resolveTemperature(job.parameters, model.training_temperature),
    );
    const { inputShape, classes, rejection } = classifier;
    return {
      finding: { outcome, classifier: { inputShape, classes, rejection } },
      provenance: provenance(task, codeVersion, started, batches),
    };
  } finally {
    attacked.net.dispose();
    source?.net.dispose();
  }
}
