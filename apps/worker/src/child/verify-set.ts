import type { AdversarialSetParameters, AttackJob, Verification } from '@retort/contracts';
import { readAdversarialSet, type AdversarialSet } from '@retort/datasets';
import { attackMetrics, exampleRecord, verifyImages, VERIFICATION_TOLERANCE } from '@retort/lab';
import { samplesOf, writeAdversarialImages } from './adversarial-images.js';
import { chooseExamples, type ChosenExamples } from './choose-examples.js';
import { codeVersion } from './code-version.js';
import { loadModel } from './load-model.js';
import { inputIn, provenance, tellProgress, uploadIn, type Computed, type ComputeTask } from './task.js';

/** Tries adversarial images that were made elsewhere on a net as it is deployed, trusting nothing that their file says of them. */
export async function verifySet(task: ComputeTask<AttackJob>): Promise<Computed> {
  const started = performance.now();
  const { job, signal } = task;
  const { norm, epsilon, layout } = job.parameters as AdversarialSetParameters;
  const { test } = await task.datasets.load(task);
  const { pixel_divisor: divisor } = job.dataset;
  const { inputShape } = test;
  const expected = { inputShape, count: test.count, divisor, layout };
  const set = await readAdversarialSet(uploadIn(task, 'adversarial'), expected);
  const placeInSet = new Map(set.indices.map((index, place) => [index, place]));
  const examples = await chooseExamples(task, job.examples, test, (index) => placeInSet.has(index));
  const { images: originals, labels, indices, count } = examples;
  const places = indices.map((index) => placeInSet.get(index)!);
  const { net, classifier } = await loadModel(inputIn(task, 'model'));
  try {
    tellProgress(task, 0.1, `${count} examples`);
    const pixels = originals.length / count;
    const images = rowsAt(set.images, places, pixels);
    const { outcome, refused } = await verifyImages({ classifier, originals, labels, images, norm, epsilon, signal });
    const verification = {
      images: set.count,
      refused,
      ...mismatches(set, places, examples, divisor),
      tolerance: VERIFICATION_TOLERANCE,
    };
    const made = provenance(task, codeVersion, started);
    const result = {
      kind: 'attack' as const,
      attack: job.attack,
      parameters: job.parameters,
      examples: { choose: job.examples.choose, count, available: examples.available, test: test.count },
      metrics: attackMetrics({ classifier, originals, labels, clean: examples.predicted, outcome }),
      record: exampleRecord({ indices, labels, test: test.count, outcome }),
      verification,
      samples: samplesOf(examples, outcome),
      provenance: { ...made, fallbacks: [...made.fallbacks, ...sentences(verification)] },
    };
    return { result, files: [await writeAdversarialImages(task.folder, examples, outcome)] };
  } finally {
    net.dispose();
  }
}

/** How many examples the file has another original or label for than the dataset. */
function mismatches(
  set: AdversarialSet,
  places: readonly number[],
  { images, labels, count }: ChosenExamples,
  divisor: number,
) {
  const pixels = images.length / count;
  const originals = set.originals && rowsAt(set.originals, places, pixels);
  const differs = (at: number, scale: number) =>
    images.subarray(at * pixels, (at + 1) * pixels).some((pixel, offset) => {
      // Written so that a NaN differs.
      return !(Math.abs(pixel * scale - originals![at * pixels + offset]!) <= VERIFICATION_TOLERANCE);
    });
  const others = originals ? [...places.keys()].filter((at) => differs(at, 1)) : [];
  // The other of 255 and 256.
  const scale = divisor / (511 - divisor);
  return {
    other_originals: others.length,
    rescaled_originals: others.filter((at) => !differs(at, scale)).length,
    other_labels: set.labels ? places.filter((place, at) => set.labels![place] !== labels[at]).length : 0,
  };
}

function sentences({ other_originals, rescaled_originals, other_labels }: Verification): string[] {
  return [
    ...(other_originals > 0
      ? [`${other_originals} originals in the file are not the dataset's own, from which the distances are taken`]
      : []),
    ...(rescaled_originals > 0
      ? [
          `${rescaled_originals} of those are the dataset's own, divided by the other of 255 and 256: set /dataset/pixel_divisor to that of the file`,
        ]
      : []),
    ...(other_labels > 0 ? [`${other_labels} labels in the file are not the dataset's own, which are used`] : []),
  ];
}

function rowsAt(values: Float32Array, places: readonly number[], pixels: number): Float32Array {
  const picked = new Float32Array(places.length * pixels);
  places.forEach((from, to) => picked.set(values.subarray(from * pixels, (from + 1) * pixels), to * pixels));
  return picked;
}
