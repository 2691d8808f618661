import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { examplesOf } from './example.js';
import { emptyPage, Journal } from './journal.js';
import { NearestFound } from './nearest-found.js';
import { euclideanLength } from './norm-ball.js';
import { linearImages, linearLabels, linearModel } from './testing/classifiers.js';
import { Victim } from './victim.js';

/** The smallest perturbations in L2, along x1 to class 1 and x2 to class 2. */
const smallest = [0.12007303, 0.31709478];
const directions = [
  [-0.75, 0.5, 1.25, -1.4],
  [-0.75, 1.25, -1.5, 0.6],
];

/** Both examples of the linear model, each at a share of its way to the boundary, offered as if it were adversarial. */
async function offered(share: number) {
  const classifier = linearModel();
  const examples = examplesOf({ classifier, images: linearImages, labels: linearLabels, seed: 0 }, 'ddn', 0);
  const journal = new Journal(emptyPage(), () => Promise.resolve());
  const nearest = await NearestFound.in(journal, euclideanLength);
  const victim = new Victim(classifier, 2);
  examples.forEach((example, at) => {
    const length = Math.hypot(...directions[at]!);
    example.image = example.original.map(
      (pixel, to) => pixel + (share * smallest[at]! * directions[at]![to]!) / length,
    );
    nearest.offer(example);
    example.image = example.original;
  });
  await nearest.settle(victim, examples, journal);
  return { examples, fooled: await victim.fooled(examples) };
}

beforeAll(async () => {
  await setBackend('cpu');
});

describe('the nearest found', () => {
  it('is what was offered, where a forward pass confirms it', async () => {
    const { examples, fooled } = await offered(1.001);
    expect(fooled).toEqual(examples);
    expect(examples.map(({ forwards }) => forwards)).toEqual([2, 2]);
    examples.forEach((example, at) => expect(distance(example)).toBeCloseTo(1.001 * smallest[at]!, 6));
  });

  it('is lengthened by as little as makes it adversarial, where it is not quite', async () => {
    const { examples, fooled } = await offered(1 - 2e-5);
    expect(fooled).toEqual(examples);
    examples.forEach((example, at) => {
      expect(distance(example)).toBeGreaterThan(smallest[at]! * (1 - 2e-6));
      expect(distance(example)).toBeLessThan(smallest[at]! * (1 + 8e-5));
    });
  });

  it('is given up where it is far from adversarial, after a forward pass for each trial', async () => {
    const { examples, fooled } = await offered(0.5);
    expect(fooled).toEqual([]);
    expect(examples.map(({ forwards }) => forwards)).toEqual([10, 10]);
  });
});

function distance({ original, image }: { original: Float32Array; image: Float32Array }): number {
  return euclideanLength(Float64Array.from(image, (pixel, at) => pixel - original[at]!));
}
