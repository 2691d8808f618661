import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { SELF_CHECK_TOLERANCE } from '../self-check.js';
import { startEngine } from '../start-engine.js';
import { computedOn, expectAgreement, of, wave, withGradients } from '../testing/agreement.js';
import { findSoftwareAdapter, useSoftwareAdapter } from '../testing/software-adapter.js';

const adapter = findSoftwareAdapter();
const why = typeof adapter === 'string' ? ` (skipped: ${adapter})` : '';
const SOFTWARE = 'RETORT_WEBGPU_SOFTWARE';

/** What Retort's nets and attacks are made of. */
const COMPUTED: Record<string, { shapes: number[][]; compute: (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[] }> =
  {
    'the gradients of a net': {
      shapes: [[2, 8, 8, 2], [3, 3, 2, 4], [4], [3, 3, 4, 1], [16, 5], [5]],
      compute: (...tensors) =>
        tf.grads((...[x, filter, bias, taps, dense, denseBias]) => {
          const features = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'), bias!));
          const pooled = tf.avgPool(tf.maxPool(features as tf.Tensor4D, 2, 2, 'valid'), 3, 2, 'same');
          const mixed = tf.tanh(tf.depthwiseConv2d(pooled, taps as tf.Tensor4D, 1, 'same'));
          const logits = tf.add(tf.matMul(tf.reshape(mixed, [2, 16]), dense!), denseBias!);
          return tf.losses.softmaxCrossEntropy(tf.oneHot([1, 3], 5), logits);
        })(tensors),
    },
    'the gradient of a strided convolution': {
      shapes: [
        [2, 7, 9, 3],
        [3, 2, 3, 5],
      ],
      compute: withGradients((x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same')),
    },
    'the gradient of logits that are far apart': {
      shapes: [[4, 6]],
      compute: withGradients((x) => tf.logSoftmax(tf.mul(x, 200))),
    },
    'the gradient of a normalisation': {
      shapes: [[2, 5, 5, 3]],
      compute: withGradients((x) =>
        tf.batchNorm(x, tf.mean(x, [0, 1, 2]), tf.moments(x, [0, 1, 2]).variance, [0.1, 0.2, 0.3], [1, 2, 3]),
      ),
    },
    'gathered places and their gradient': {
      shapes: [[30, 50]],
      compute: withGradients((x) => tf.gather(x, [7, 0, 7, 29], 0)),
    },
    'choices, bounds and order': {
      shapes: [
        [30, 50],
        [30, 50],
      ],
      compute: (x, y) => [
        tf.where(tf.greater(x, y), x, tf.zerosLike(y)),
        tf.clipByValue(x, -0.5, 0.5),
        tf.argMax(x, 1),
        tf.topk(x, 3).values,
        tf.topk(x, 3).indices,
        tf.max(tf.abs(tf.sub(x, y)), 1),
        tf.sign(x),
      ],
    },
    'what is not a number': {
      shapes: [[30, 50]],
      compute: (x) => {
        const broken = tf.div(tf.sub(x, x), tf.sub(x, x));
        return [broken, tf.isNaN(broken), tf.relu(broken), tf.clipByValue(broken, 0, 1), tf.max(broken, 1)];
      },
    },
  };

describe.skipIf(typeof adapter === 'string')(`the engine webgpu on a software adapter${why}`, () => {
  beforeAll(async () => {
    if (typeof adapter === 'string') return;
    useSoftwareAdapter(adapter);
    delete process.env[SOFTWARE];
    const refused = startEngine({ force: 'webgpu' });
    await expect(refused).rejects.toMatchObject({ name: 'EngineError', engine: 'webgpu', problem: 'no_gpu' });
    await expect(refused).rejects.toThrow(
      /its only adapter is software .*: (swiftshader|llvmpipe).*To compute on it all the same, set RETORT_WEBGPU_SOFTWARE=allow\.$/,
    );
    process.env[SOFTWARE] = 'allow';
    await startEngine({ force: 'webgpu' });
  });

  it('computes and says on what', async () => {
    const { description } = await startEngine({ force: 'webgpu' });
    expect(tf.getBackend()).toBe('webgpu');
    expect(description).toMatchObject({ name: 'webgpu', backend: 'webgpu', threads: 1, skipped: [] });
    expect(description.device).toMatch(/^(swiftshader|llvmpipe).*, a software adapter: computed on ./);
    expect(description.self_check.max_relative_error).toBeGreaterThan(0);
    expect(description.self_check.max_relative_error).toBeLessThanOrEqual(SELF_CHECK_TOLERANCE);
    expect(tf.backend().numDataIds()).toBe(0);
  });

  it.each(Object.entries(COMPUTED))('agrees with plain JavaScript: %s', async (_, { shapes, compute }) => {
    await expectAgreement(
      shapes.map((shape, index) => wave(shape, index)),
      compute,
      'webgpu',
    );
  });

  it('gives the gradient of an average pool over the border', async () => {
    const [gradient] = await computedOn('webgpu', [wave([1, 3, 3, 1])], (x) => [
      tf.grad((image: tf.Tensor) => tf.sum(tf.avgPool(image as tf.Tensor4D, 2, 2, 'same')))(x),
    ]);
    expect(gradient!.values).toEqual([0.25, 0.25, 0.5, 0.25, 0.25, 0.5, 0.5, 0.5, 1]);
  });

  it.each([2, 7, 8, 13, 14, 30])('adds %i tensors', async (count) => {
    const [sum] = await computedOn('webgpu', [of([2], [1, -2])], (x) => [
      tf.addN(Array.from({ length: count }, (_, at) => tf.mul(x, at))),
    ]);
    const total = (count * (count - 1)) / 2;
    expect(sum!.values).toEqual([total, -2 * total]);
  });

  it('refuses to add integers by segment', async () => {
    const integers = [of([3], [1, 2, 3], 'int32'), of([3], [0, 1, 0], 'int32')];
    const summed = computedOn('webgpu', integers, (x, s) => [tf.unsortedSegmentSum(x, s as tf.Tensor1D, 2)]);
    await expect(summed).rejects.toThrow(/takes float32 values, not int32 values/);
  });

  // The last one: after it the device computes no more in this process.
  it('lets no reading through after WebGPU has reported an error', async () => {
    const { device } = tf.backend() as unknown as { device: { createBuffer(size: object): unknown } };
    const x = tf.mul(tf.ones([2000]), 3);
    device.createBuffer({ size: 2 ** 50, usage: 128 });
    const error: unknown = await x.data().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'EngineError', engine: 'webgpu', problem: 'wrong' });
    expect(String(error)).toMatch(/WebGPU could not do what it was told \(Buffer size .* exceeds/);
    await expect(x.data()).rejects.toBe(error);
    x.dispose();
  });
});
