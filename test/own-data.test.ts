import type { AttackResult } from '@retort/contracts';
import { readPublished } from '@retort/datasets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from './support/attacked-images.js';
import { finishedJobs, named, sha256Of, submit, tinyNet, tinySpec, type JobSeen } from './support/experiments.js';
import { savez } from './support/numpy.js';
import { startRetort, type TestRetort } from './support/retort.js';

let retort: TestRetort;
beforeAll(async () => {
  retort = await startRetort();
  await retort.startWorker({ RETORT_CONCURRENCY: '2' });
});
afterAll(() => retort.stop());

const EPSILON = 0.3;
const examples = { count: 40, choose: 'clean-correct' };
const { train, test } = await readPublished('mnist', {});

/** The first images and labels of MNIST, as bytes. */
function firstOf({ images, labels }: typeof train, count: number) {
  return { images: (images.values as Uint8Array).slice(0, count * 784), labels: labels.slice(0, count) };
}
const mine = { train: firstOf(train, 800), test: firstOf(test, 200) };

async function upload(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const headers = { 'content-type': 'application/octet-stream' };
  const response = await fetch(`${retort.url}/v1/uploads`, { method: 'POST', headers, body: bytes });
  expect(response.status).toBe(201);
  return ((await response.json()) as { sha256: string }).sha256;
}

/** A spec of a net on 600 of the uploaded images, and of attacks on it. */
const specOf = (files: object, attacks: object = {}) =>
  tinySpec({
    dataset: { name: 'mine', upload: files, train: 600, validation: 200, test: 200 },
    models: { plain: { ...tinyNet, epochs: 3 } },
    attacks,
  });

async function succeeded(spec: object): Promise<{ id: string; jobs: JobSeen[] }> {
  const id = await submit(retort, spec);
  const jobs = await finishedJobs(retort, id);
  const others = jobs.filter(({ status }) => status !== 'succeeded');
  expect(others.map(({ name, reason, detail }) => [name, reason, detail])).toEqual([]);
  return { id, jobs };
}

const resultOf = (jobs: JobSeen[], name: string) => named(jobs, name).result as unknown as AttackResult;

describe('uploaded images, on real MNIST', () => {
  it('train a net, and its attack is verified from a file as what it was', async () => {
    const npz = await upload(
      savez({
        x_train: { shape: [800, 28, 28], values: mine.train.images },
        y_train: { shape: [800], values: mine.train.labels },
        x_test: { shape: [200, 28, 28], values: mine.test.images },
        y_test: { shape: [200], values: mine.test.labels },
      }),
    );
    const fgsm = { attack: 'fgsm', parameters: { epsilon: EPSILON }, examples };
    const { jobs: attacked } = await succeeded(specOf({ format: 'npz', file: npz }, { fgsm }));
    const own = resultOf(attacked, 'fgsm on plain');
    expect(own.metrics.success.of).toBe(examples.count);
    expect(own.metrics.success.rate).toBeGreaterThan(0.2);

    const artifact = await fetch(`${retort.url}/v1/jobs/${named(attacked, 'fgsm on plain').id}/artifacts/adversarial`);
    const { predicted, ...arrays } = readSafetensors(Buffer.from(await artifact.arrayBuffer()));
    const { original, adversarial, label } = arrays as Record<'original' | 'adversarial' | 'label', typeof predicted>;

    // Of three images that fool the net, one now goes too far, one leaves the box and one is no number.
    const fools = [...predicted!.values.keys()].filter((at) => predicted!.values[at] !== label!.values[at]);
    const images = adversarial!.values.slice();
    const originals = original!.values;
    const dark = originals.subarray(fools[0]! * 784, (fools[0]! + 1) * 784).indexOf(0);
    images[fools[0]! * 784 + dark] = EPSILON + 0.01;
    images[fools[1]! * 784 + dark] = -0.01;
    images[fools[2]! * 784 + dark] = NaN;
    // What the file says of the originals and the classes is not always so; one original is divided by 256.
    const [moved, renamed] = [originals.slice(), label!.values.slice()];
    moved[0] = 0.5;
    moved.set(
      originals.subarray(784, 2 * 784).map((pixel) => (pixel * 255) / 256),
      784,
    );
    renamed[1] = (renamed[1]! + 1) % 10;
    const shape = adversarial!.shape;
    const tampered = savez({
      ...arrays,
      adversarial: { shape, values: images },
      original: { shape, values: moved },
      label: { shape: label!.shape, values: renamed },
    });

    const verify = async (bytes: Uint8Array<ArrayBuffer>) => ({
      attack: 'adversarial-set',
      parameters: { upload: await upload(bytes), norm: 'linf', epsilon: EPSILON },
      examples,
    });
    const attacks = { honest: await verify(savez(arrays)), tampered: await verify(tampered) };
    const { id, jobs: verified } = await succeeded(specOf({ format: 'npz', file: npz }, attacks));
    expect(named(verified, 'plain').reason).toBe('reused');

    const honest = resultOf(verified, 'honest on plain');
    expect(honest.metrics.success).toEqual(own.metrics.success);
    expect(honest.verification).toMatchObject({
      images: examples.count,
      refused: { not_finite: 0, outside_box: 0, beyond_epsilon: 0 },
      other_originals: 0,
      rescaled_originals: 0,
      other_labels: 0,
    });
    const found = resultOf(verified, 'tampered on plain');
    expect(found.metrics.success.rate).toBeCloseTo(own.metrics.success.rate - 3 / examples.count, 12);
    expect(found.verification).toMatchObject({
      refused: { not_finite: 1, outside_box: 1, beyond_epsilon: 1 },
      other_originals: 2,
      rescaled_originals: 1,
      other_labels: 1,
    });
    expect(found.provenance.fallbacks.join()).toMatch(/2 originals .*1 of those .*1 labels/);
    const report = await (await fetch(`${retort.url}/v1/experiments/${id}/report`)).text();
    expect(report.replaceAll(/\s+/g, ' ')).toContain('1 not finite, 1 outside 0 to 1, 1 beyond epsilon');

    // The same images in the format of MNIST make the same net.
    const files = {
      train_images: await upload(idx([800, 28, 28], mine.train.images)),
      train_labels: await upload(idx([800], mine.train.labels)),
      test_images: await upload(idx([200, 28, 28], mine.test.images)),
      test_labels: await upload(idx([200], mine.test.labels)),
    };
    const { jobs: again } = await succeeded(specOf({ format: 'idx', files }));
    expect(again[0]).toMatchObject({ reason: 'completed', reused_from: null });
    expect(sha256Of(again[0]!, 'weights')).toBe(sha256Of(named(attacked, 'plain'), 'weights'));
  });

  it('are asked for where the spec names a file that nobody sent', async () => {
    const { status, body } = await retort.post('/v1/experiments', specOf({ format: 'npz', file: '0'.repeat(64) }));
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('/dataset/upload/file');
    expect(JSON.stringify(body)).toContain('POST /v1/uploads');
  });
});

/** http://yann.lecun.com/exdb/mnist: bytes, in as many dimensions as sizes follow. */
function idx(shape: readonly number[], values: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(4 + shape.length * 4);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((extent, axis) => header.writeUInt32BE(extent, 4 + axis * 4));
  return Uint8Array.from(Buffer.concat([header, values]));
}
