import { resolveTemperature, type AttackJob } from '@retort/contracts';
import { attackMetrics, attackNamed, exampleRecord, transferConfidence, type AttackCheckpoint } from '@retort/lab';
import { samplesOf, writeAdversarialImages } from './adversarial-images.js';
import { chosenBatches } from './batches.js';
import { chooseExamples } from './choose-examples.js';
import { codeVersion } from './code-version.js';
import { loadModel } from './load-model.js';
import { inputIn, provenance, tellProgress, type Computed, type ComputeTask } from './task.js';

/** Attacks a net as it is deployed, or tries on it the images that are made on another; keeps every adversarial image. */
export async function attackModel(task: ComputeTask<AttackJob>): Promise<Computed> {
  const started = performance.now();
  const { job, signal, checkpoints } = task;
  const { test } = await task.datasets.load(task);
  const examples = await chooseExamples(task, job.examples, test);
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
        resume: await checkpoints.resumed<AttackCheckpoint>(),
        onCheckpoint: (take) => checkpoints.offer(take, 'between two iterations'),
      },
      resolveTemperature(job.parameters, model.training_temperature),
    );
    const result = {
      kind: 'attack' as const,
      attack: job.attack,
      parameters: job.parameters,
      ...(origin && { source: origin.name }),
      examples: { choose: job.examples.choose, count, available: examples.available, test: test.count },
      metrics: attackMetrics({ classifier, originals: images, labels, clean: examples.predicted, outcome }),
      record: exampleRecord({ indices, labels, test: test.count, outcome }),
      samples: samplesOf(examples, outcome),
      provenance: provenance(task, codeVersion, started, batches),
    };
    return { result, files: [await writeAdversarialImages(task.folder, examples, outcome)] };
  } finally {
    attacked.net.dispose();
    source?.net.dispose();
  }
}
