import { architectures, createNet, type Architecture, type Net } from '@retort/lab';

/** The nets on which engines are compared: A is that of Papernot et al. 2015, B has few and large convolutions. */
export const benchNets: Readonly<Record<'A' | 'B', Architecture>> = {
  A: architectures['papernot-mnist'],
  B: {
    name: 'conv5x5x32, pool, conv5x5x64, pool, FC128',
    layers: [
      { kind: 'conv', filters: 32, kernel: 5, stride: 1, padding: 'same' },
      { kind: 'max-pool', size: 2 },
      { kind: 'conv', filters: 64, kernel: 5, stride: 1, padding: 'same' },
      { kind: 'max-pool', size: 2 },
      { kind: 'flatten' },
      { kind: 'dense', units: 128 },
    ],
  },
};

export type BenchNet = keyof typeof benchNets;

export const INPUT_SHAPE = [28, 28, 1];
export const CLASSES = 10;

/** A net with random weights on MNIST's images. */
export function createBenchNet(name: BenchNet): Net {
  return createNet({
    architecture: benchNets[name],
    inputShape: INPUT_SHAPE,
    classes: CLASSES,
    initialisation: { name: 'he-normal', output_scale: 'one' },
    temperature: 1,
    seed: 0,
  });
}
