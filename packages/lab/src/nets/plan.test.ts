import { describe, expect, it } from 'vitest';
import { conv, dense, flatten, maxPool, type Architecture } from './architecture.js';
import { architectureNamed, architectures } from './architectures.js';
import { planNet, size } from './plan.js';

const mnist = [28, 28, 1];

function parameterCount(architecture: Architecture): number {
  return planNet(architecture, mnist, 10).parameters.reduce((count, { shape }) => count + size(shape), 0);
}

describe('planNet', () => {
  it('gives each architecture the published number of parameters on MNIST', () => {
    expect(parameterCount(architectures['papernot-mnist'])).toBe(312_202);
    expect(parameterCount(architectures.lenet)).toBe(61_706);
    expect(parameterCount(architectures.compact)).toBe(38_826);
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
    expect(() => planNet(architectures.compact, [28, 0, 1], 10)).toThrow('whole numbers above 0');
    expect(() => planNet(architectures.compact, mnist, 1)).toThrow('at least 2 classes');
  });
});

describe('architectureNamed', () => {
  it('lists the known names when it is asked for another', () => {
    expect(architectureNamed('lenet')).toBe(architectures.lenet);
    expect(() => architectureNamed('resnet')).toThrow(
      "no architecture is called 'resnet'; there are papernot-mnist, lenet, compact",
    );
  });
});
