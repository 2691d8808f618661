import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttackSample, OutputFile } from '@retort/contracts';
import { encodeSafetensors, type AttackOutcome } from '@retort/lab';
import type { ChosenExamples } from './choose-examples.js';

/** Attacked images that the report shows. */
const SAMPLES = 10;

/** What of an attack's outcome is kept image by image. */
type AttackedImages = Pick<AttackOutcome, 'adversarial' | 'predicted' | 'success' | 'by' | 'members'>;

/**
 * Writes originals, attacked images, labels, predictions and places in the test split, and of an ensemble whose image
 * each is, for whoever checks the result elsewhere.
 */
export async function writeAdversarialImages(
  folder: string,
  { images, labels, indices, inputShape, count }: ChosenExamples,
  { adversarial, predicted, by, members = [] }: AttackedImages,
): Promise<OutputFile> {
  const shape = [count, ...inputShape];
  const list = (name: string, values: ArrayLike<number>) => ({
    name,
    shape: [count],
    values: Float32Array.from(values),
  });
  const memberNames = members.map(({ name }) => name);
  const memberOf = by?.map((name) => memberNames.indexOf(name ?? ''));
  const bytes = encodeSafetensors(
    [
      { name: 'original', shape, values: images },
      { name: 'adversarial', shape, values: adversarial },
      list('label', labels),
      list('predicted', predicted),
      list('index', indices),
      ...(memberOf ? [list('member', memberOf)] : []),
    ],
    {
      layout: 'images [n, height, width, channels], pixels in [0, 1]',
      ...(memberOf && { member: `place in ${memberNames.join(', ')}, from 0; -1 where none fooled the net` }),
    },
  );
  const path = join(folder, 'adversarial.safetensors');
  await writeFile(path, bytes);
  return { name: 'adversarial', path, media_type: 'application/vnd.safetensors' };
}

/** The first successes, then, where there are too few, the first failures. */
export function samplesOf(
  examples: ChosenExamples,
  { adversarial, predicted, success }: AttackedImages,
): AttackSample[] {
  const { images, labels, indices, inputShape } = examples;
  const pixels = images.length / examples.count;
  const order = indices.map((_, at) => at);
  order.sort((a, b) => Number(success[b]) - Number(success[a]) || a - b);
  const bytes = (values: Float32Array, at: number) =>
    Buffer.from(Uint8Array.from(values.subarray(at * pixels, (at + 1) * pixels), (v) => Math.round(v * 255))).toString(
      'base64',
    );
  return order.slice(0, SAMPLES).map((at) => ({
    index: indices[at]!,
    label: labels[at]!,
    predicted: predicted[at]!,
    success: success[at]!,
    shape: [...inputShape],
    original: bytes(images, at),
    adversarial: bytes(adversarial, at),
  }));
}
