import type { Architecture, Layer } from '../architecture.js';

/** The weights of a net by name, such as `conv1/kernel`, as doubles. */
export type Weights = Readonly<Record<string, readonly number[]>>;

interface Volume {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: readonly number[];
}

/**
 * The logits of one example in double precision, by the definition of each layer: the reference for the real nets.
 *
 * @param image `height x width x channels`, channels innermost
 */
export function float64Logits(
  architecture: Architecture,
  weights: Weights,
  image: readonly number[],
  [height, width, channels]: readonly [number, number, number],
): number[] {
  let volume: Volume = { height, width, channels, values: image };
  const named = { conv: 0, dense: 0, residual: 0 };
  for (const layer of architecture.layers) {
    if (layer.kind === 'conv') {
      const name = `conv${++named.conv}`;
      volume = rectify(convolve(volume, layer, weights[`${name}/kernel`]!, weights[`${name}/bias`]!));
    } else if (layer.kind === 'residual') {
      volume = addBranch(volume, layer, weights, `residual${++named.residual}`);
    } else if (layer.kind === 'dense') {
      const name = `dense${++named.dense}`;
      volume = row(connect(volume.values, weights[`${name}/kernel`]!, weights[`${name}/bias`]!).map(relu));
    } else if (layer.kind === 'max-pool') {
      volume = pool(volume, layer.size);
    } else if (layer.kind === 'global-average-pool') {
      volume = row(average(volume));
    } else if (layer.kind === 'flatten') {
      volume = row(volume.values);
    }
  }
  return connect(volume.values, weights['logits/kernel']!, weights['logits/bias']!);
}

function convolve(
  input: Volume,
  { filters, kernel, stride, padding }: Omit<Extract<Layer, { kind: 'conv' }>, 'kind'>,
  weights: readonly number[],
  bias: readonly number[],
): Volume {
  const extent = (of: number) => (padding === 'same' ? Math.ceil(of / stride) : Math.floor((of - kernel) / stride) + 1);
  const before = (of: number) =>
    padding === 'same' ? Math.floor(Math.max((extent(of) - 1) * stride + kernel - of, 0) / 2) : 0;
  const height = extent(input.height);
  const width = extent(input.width);
  const values: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let filter = 0; filter < filters; filter++) {
        let sum = bias[filter]!;
        for (let ky = 0; ky < kernel; ky++) {
          for (let kx = 0; kx < kernel; kx++) {
            const fromY = y * stride + ky - before(input.height);
            const fromX = x * stride + kx - before(input.width);
            if (fromY < 0 || fromX < 0 || fromY >= input.height || fromX >= input.width) continue;
            for (let channel = 0; channel < input.channels; channel++) {
              sum +=
                input.values[(fromY * input.width + fromX) * input.channels + channel]! *
                weights[((ky * kernel + kx) * input.channels + channel) * filters + filter]!;
            }
          }
        }
        values.push(sum);
      }
    }
  }
  return { height, width, channels: filters, values };
}

function addBranch(
  input: Volume,
  { filters, stride }: Extract<Layer, { kind: 'residual' }>,
  weights: Weights,
  name: string,
): Volume {
  const apply = (to: Volume, which: string, by: { kernel: number; stride: number }) =>
    convolve(
      to,
      { filters, padding: 'same', ...by },
      weights[`${name}/${which}/kernel`]!,
      weights[`${name}/${which}/bias`] ?? new Array<number>(filters).fill(0),
    );
  const inner = rectify(apply(input, 'conv1', { kernel: 3, stride }));
  const branch = apply(inner, 'conv2', { kernel: 3, stride: 1 });
  const kept = weights[`${name}/shortcut/kernel`] ? apply(input, 'shortcut', { kernel: 1, stride }) : input;
  return rectify({ ...branch, values: branch.values.map((value, at) => value + kept.values[at]!) });
}

function rectify(volume: Volume): Volume {
  return { ...volume, values: volume.values.map(relu) };
}

function average({ channels, values }: Volume): number[] {
  return Array.from({ length: channels }, (_, channel) => {
    const own = values.filter((_, at) => at % channels === channel);
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });
}

function pool({ height, width, channels, values }: Volume, size: number): Volume {
  const pooled: Volume & { values: number[] } = {
    height: Math.floor(height / size),
    width: Math.floor(width / size),
    channels,
    values: [],
  };
  for (let y = 0; y < pooled.height; y++) {
    for (let x = 0; x < pooled.width; x++) {
      for (let channel = 0; channel < channels; channel++) {
        let largest = -Infinity;
        for (let dy = 0; dy < size; dy++) {
          for (let dx = 0; dx < size; dx++) {
            largest = Math.max(largest, values[((y * size + dy) * width + x * size + dx) * channels + channel]!);
          }
        }
        pooled.values.push(largest);
      }
    }
  }
  return pooled;
}

function connect(inputs: readonly number[], weights: readonly number[], bias: readonly number[]): number[] {
  return bias.map((start, to) =>
    inputs.reduce((sum, input, from) => sum + input * weights[from * bias.length + to]!, start),
  );
}

function row(values: readonly number[]): Volume {
  return { height: 1, width: 1, channels: values.length, values };
}

function relu(value: number): number {
  return Math.max(value, 0);
}
