import { readFile } from 'node:fs/promises';
import type { Examples, ExamplesSpec } from '@retort/contracts';
import { inputIn, type ComputeTask } from './task.js';

/** The test split holds fewer examples of the kind asked for than the spec wants. */
export class TooFewExamples extends Error {
  override readonly name = 'TooFewExamples';
}

export interface ChosenExamples extends Examples {
  /** Position of each in the test split. */
  readonly indices: readonly number[];
  /** The class that the net itself gives each. */
  readonly predicted: Uint8Array;
  /** Examples of the kind asked for in the whole split. */
  readonly available: number;
}

/**
 * The first test images that the spec asks for: any, those the net itself classifies correctly, or those that all
 * compared nets do, so that their rates have one denominator.
 *
 * @param isCovered whether a place of the test split counts at all
 * @throws TooFewExamples
 */
export async function chooseExamples(
  task: ComputeTask,
  spec: ExamplesSpec,
  test: Examples,
  isCovered: (index: number) => boolean = () => true,
): Promise<ChosenExamples> {
  const judges = task.inputs.filter(
    ({ role }) =>
      (role === 'model' && spec.choose !== 'any') ||
      (role.startsWith('compared:') && spec.choose === 'common-clean-correct'),
  );
  const predictions = await Promise.all(judges.map(({ files }) => readFile(files.predictions!)));
  const covered = Array.from({ length: test.count }, (_, index) => index).filter(isCovered);
  const suitable = covered.filter((index) => predictions.every((classes) => classes[index] === test.labels[index]));
  if (suitable.length < spec.count) {
    const names = judges.map(({ name }) => name).join(', ');
    throw new TooFewExamples(
      `${spec.count} ${spec.choose} examples were asked for, but of ${covered.length} test images only ${suitable.length} ` +
        `are classified correctly by ${names || 'any net'}: ask for fewer, or for more test images`,
    );
  }
  const own = await readFile(inputIn(task, 'model').files.predictions!);
  const indices = suitable.slice(0, spec.count);
  const pixels = test.images.length / test.count;
  const images = new Float32Array(indices.length * pixels);
  indices.forEach((from, to) => images.set(test.images.subarray(from * pixels, (from + 1) * pixels), to * pixels));
  return {
    ...test,
    images,
    labels: Uint8Array.from(indices, (index) => test.labels[index]!),
    count: indices.length,
    indices,
    predicted: Uint8Array.from(indices, (index) => own[index]!),
    available: suitable.length,
  };
}

/** Those from one up to another. */
export function examplesIn(all: ChosenExamples, [from, to]: readonly [number, number]): ChosenExamples {
  const pixels = all.images.length / all.count;
  return {
    ...all,
    images: all.images.subarray(from * pixels, to * pixels),
    labels: all.labels.subarray(from, to),
    count: to - from,
    indices: all.indices.slice(from, to),
    predicted: all.predicted.subarray(from, to),
  };
}
