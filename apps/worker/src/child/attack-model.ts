import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveTemperature, type AttackJob, type AttackSample } from '@retort/contracts';
import { attackMetrics, attackNamed, encodeSafetensors, type AttackOutcome } from '@retort/lab';
import { chooseExamples, type ChosenExamples } from './choose-examples.js';
import { codeVersion } from './code-version.js';
import { loadModel } from './load-model.js';
import { inputIn, provenance, tellProgress, type Computed, type ComputeTask } from './task.js';

/** Attacked images that the report shows. */
const SAMPLES = 10;

/** Attacks a net as it is deployed, and keeps every adversarial image. */
export async function attackModel(task: ComputeTask<AttackJob>): Promise<Computed> {
  const started = performance.now();
  const { job, signal } = task;
  const { test } = await task.datasets.load(job.dataset);
  const examples = await chooseExamples(task, job.examples, test);
  const { images, labels, indices, count } = examples;
  const { net, classifier, result: model } = await loadModel(inputIn(task, 'model'));
  try {
    const outcome = await attackNamed(job.attack).run(
      {
        classifier,
        images,
        labels,
        indices,
        seed: job.seed,
        signal,
        onProgress: (done) => tellProgress(task, done / count, `${done} of ${count} examples`),
      },
      resolveTemperature(job.parameters, model.training_temperature),
    );
    const path = join(task.folder, 'adversarial.safetensors');
    await writeFile(path, adversarialFile(examples, outcome));
    const result = {
      kind: 'attack' as const,
      attack: job.attack,
      parameters: job.parameters,
      examples: { choose: job.examples.choose, count, available: examples.available },
      metrics: attackMetrics({ classifier, originals: images, labels, outcome }),
      samples: samplesOf(examples, outcome),
      provenance: provenance(task, codeVersion, started),
    };
    return { result, files: [{ name: 'adversarial', path, media_type: 'application/vnd.safetensors' }] };
  } finally {
    net.dispose();
  }
}

/**
 * Originals, attacked images, labels, predictions and places in the test split, and of an ensemble whose image each is,
 * for whoever checks the result elsewhere.
 */
function adversarialFile({ images, labels, indices, inputShape, count }: ChosenExamples, outcome: AttackOutcome) {
  const shape = [count, ...inputShape];
  const members = outcome.members?.map(({ name }) => name) ?? [];
  const list = (name: string, values: ArrayLike<number>) => ({
    name,
    shape: [count],
    values: Float32Array.from(values),
  });
  return encodeSafetensors(
    [
      { name: 'original', shape, values: images },
      { name: 'adversarial', shape, values: outcome.adversarial },
      list('label', labels),
      list('predicted', outcome.predicted),
      list('index', indices),
      ...(outcome.by
        ? [
            list(
              'member',
              outcome.by.map((name) => members.indexOf(name ?? '')),
            ),
          ]
        : []),
    ],
    {
      layout: 'images [n, height, width, channels], pixels in [0, 1]',
      ...(outcome.by && { member: `place in ${members.join(', ')}, from 0; -1 where none fooled the net` }),
    },
  );
}

/** The first successes, then, where there are too few, the first failures. */
function samplesOf(examples: ChosenExamples, outcome: AttackOutcome): AttackSample[] {
  const { images, labels, indices, inputShape } = examples;
  const pixels = images.length / examples.count;
  const order = indices.map((_, at) => at);
  order.sort((a, b) => Number(outcome.success[b]) - Number(outcome.success[a]) || a - b);
  const bytes = (values: Float32Array, at: number) =>
    Buffer.from(Uint8Array.from(values.subarray(at * pixels, (at + 1) * pixels), (v) => Math.round(v * 255))).toString(
      'base64',
    );
  return order.slice(0, SAMPLES).map((at) => ({
    index: indices[at]!,
    label: labels[at]!,
    predicted: outcome.predicted[at]!,
    success: outcome.success[at]!,
    shape: [...inputShape],
    original: bytes(images, at),
    adversarial: bytes(outcome.adversarial, at),
  }));
}
