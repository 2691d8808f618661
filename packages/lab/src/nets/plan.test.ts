import { describe, expect, it } from 'vitest';
import { conv, dense, flatten, maxPool, residual, type Architecture } from './architecture.js';
import { architectureNamed, architectures } from './architectures.js';
import { planNet, size } from './plan.js';

const mnist = [28, 28, 1];

const cifar = [32, 32, 3];

function parameterCount(architecture: Architecture, inputShape = mnist): number {
  return planNet(architecture, inputShape, 10).parameters.reduce((count, { shape }) => count + size(shape), 0);
}

describe('planNet', () => {
  it('gives each architecture the published number of parameters on MNIST', () => {
    expect(parameterCount(architectures['papernot-mnist'])).toBe(312_202);
    expect(parameterCount(architectures.lenet)).toBe(61_706);
    expect(parameterCount(architectures['lenet-caffe'])).toBe(431_080);
    expect(parameterCount(architectures['lenet-300-100'])).toBe(266_610);
    expect(parameterCount(architectures['madry-mnist'])).toBe(3_274_634);
    expect(parameterCount(architectures.compact)).toBe(38_826);
  });

  it('gives each architecture the number of parameters on CIFAR-10 that its layers come to', () => {
    const conv = (kernel: number, from: number, to: number) => (kernel * kernel * from + 1) * to;
    const full = (from: number, to: number) => (from + 1) * to;
    const papernot = conv(3, 3, 64) + conv(3, 64, 64) + conv(3, 64, 128) + conv(3, 128, 128);
    expect(papernot + full(5 * 5 * 128, 256) + full(256, 256) + full(256, 10)).toBe(1_147_978);
    expect(parameterCount(architectures['papernot-cifar'], cifar)).toBe(1_147_978);
    const blocks =
      2 * conv(3, 16, 16) + conv(3, 16, 32) + conv(3, 32, 32) + 16 * 32 + conv(3, 32, 64) + conv(3, 64, 64) + 32 * 64;
    expect(conv(3, 3, 16) + blocks + full(64, 10)).toBe(77_610);
    expect(parameterCount(architectures['resnet-8'], cifar)).toBe(77_610);
    expect(parameterCount(architectures['resnet-8'])).toBe(77_322);
  });

  it.each(Object.values(architectures))('fits $name to both sizes of images', (architecture) => {
    expect(parameterCount(architecture)).toBeGreaterThan(0);
    expect(parameterCount(architecture, cifar)).toBeGreaterThan(0);
  });

  it('gives a residual block a shortcut only where its shape changes, and the gains of Fixup', () => {
    const { parameters } = planNet(architectures['resnet-8'], cifar, 10);
    expect(parameters.map(({ name, shape, gain = 1 }) => [name, shape, gain]).slice(2, 11)).toEqual([
      ['residual1/conv1/kernel', [3, 3, 16, 16], 3 ** -0.5],
      ['residual1/conv1/bias', [16], 1],
      ['residual1/conv2/kernel', [3, 3, 16, 16], 0],
      ['residual1/conv2/bias', [16], 1],
      ['residual2/conv1/kernel', [3, 3, 16, 32], 3 ** -0.5],
      ['residual2/conv1/bias', [32], 1],
      ['residual2/conv2/kernel', [3, 3, 32, 32], 0],
      ['residual2/conv2/bias', [32], 1],
      ['residual2/shortcut/kernel', [1, 1, 16, 32], 1],
    ]);
  });

  it('names parameters in the order of the layers, with their shapes', () => {
    const { parameters } = planNet(architectures.compact, mnist, 10);
    expect(parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ['conv1/kernel', [3, 3, 1, 8]],
      ['conv1/bias', [8]],
      ['conv2/kernel', [3, 3, 8, 16]],
      ['conv2/bias', [16]],
      ['dense1/kernel', [576, 64]],
      ['dense1/bias', [64]],
      ['logits/kernel', [64, 10]],
      ['logits/bias', [10]],
    ]);
  });

  it('counts the inputs and outputs of a kernel as Glorot and Bengio do', () => {
    const { parameters } = planNet(architectures.compact, mnist, 10);
    expect(parameters[2]).toMatchObject({ name: 'conv2/kernel', fanIn: 72, fanOut: 144 });
    expect(parameters[4]).toMatchObject({ name: 'dense1/kernel', fanIn: 576, fanOut: 64 });
  });

  it('says which layer an image is too small for', () => {
    expect(() => planNet(architectures['papernot-mnist'], [8, 8, 1], 10)).toThrow(
      'layer 4 (conv) of papernot-mnist needs at least 3 pixels a side, but 2 reach it; use larger images',
    );
    expect(() => planNet({ name: 'p', layers: [maxPool(3)] }, [2, 9, 1], 2)).toThrow('layer 1 (max-pool) of p');
  });

  it('refuses layers that do not fit one another, and inputs that are none', () => {
    expect(() => planNet({ name: 'x', layers: [dense(4)] }, mnist, 2)).toThrow('flatten before it');
    expect(() => planNet({ name: 'x', layers: [flatten(), conv(1, 1)] }, mnist, 2)).toThrow(
      'needs [height, width, channels], not [784]',
    );
    expect(() => planNet({ name: 'x', layers: [] }, mnist, 2)).toThrow('flatten before it');
    expect(() => planNet({ name: 'x', layers: [flatten(), residual(3)] }, mnist, 2)).toThrow('layer 2 (residual) of x');
    expect(() => planNet(architectures.compact, [28, 0, 1], 10)).toThrow('whole numbers above 0');
    expect(() => planNet(architectures.compact, mnist, 1)).toThrow('at least 2 classes');
  });
});

describe('architectureNamed', () => {
  it('lists the known names when it is asked for another', () => {
    expect(architectureNamed('lenet')).toBe(architectures.lenet);
    expect(() => architectureNamed('resnet')).toThrow(
      "no architecture is called 'resnet'; there are papernot-mnist, papernot-cifar, madry-mnist, lenet, lenet-caffe, lenet-300-100, resnet-8, compact",
    );
  });
});
