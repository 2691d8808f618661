import type { Architecture, Layer } from './architecture.js';

/** A trainable tensor of a planned net. */
export interface ParameterPlan {
  /** The layer's name and the role, such as `conv1/kernel`. */
  readonly name: string;
  /** `[height, width, in, out]` for the kernel of a convolution, `[in, out]` for that of a full connection, `[out]` for a bias. */
  readonly shape: readonly number[];
  /** How many inputs each output sums. */
  readonly fanIn: number;
  /** How many outputs each input reaches. */
  readonly fanOut: number;
  /** Multiplies the weights before the first step; 1 where absent. */
  readonly gain?: number;
}

/** The two parameters of a convolution or a full connection. */
export interface WeightsPlan {
  readonly kernelPlan: ParameterPlan;
  readonly biasPlan: ParameterPlan;
}

/** A layer with the parameters that it has for a certain input. */
export type LayerPlan =
  | (Extract<Layer, { kind: 'conv' | 'dense' }> & WeightsPlan)
  | ResidualPlan
  | Exclude<Layer, { kind: 'conv' | 'dense' | 'residual' }>;

/** A residual block with its parameters. */
export type ResidualPlan = Extract<Layer, { kind: 'residual' }> & {
  readonly first: WeightsPlan;
  readonly second: WeightsPlan;
  /** The kernel of the 1x1 convolution that the input passes, where the block changes its shape. */
  readonly shortcutPlan?: ParameterPlan;
};

/** A net before it has weights. */
export interface NetPlan {
  readonly layers: readonly LayerPlan[];
  /** The full connection that gives the logits. */
  readonly output: WeightsPlan;
  /** All of them, in the order of the layers, kernel before bias. */
  readonly parameters: readonly ParameterPlan[];
}

/**
 * The shapes and names of all parameters of an architecture for one input shape.
 *
 * @param inputShape of one example; a convolution wants `[height, width, channels]`
 * @param classes the number of logits, at least 2
 * @throws RangeError when the input is too small for a layer or has the wrong number of axes
 */
export function planNet(architecture: Architecture, inputShape: readonly number[], classes: number): NetPlan {
  assertInput(inputShape, classes);
  let shape = inputShape;
  const layers: LayerPlan[] = [];
  const named = { conv: 0, dense: 0, residual: 0 };
  const blocks = architecture.layers.filter(({ kind }) => kind === 'residual').length;
  for (const [index, layer] of architecture.layers.entries()) {
    const place = `layer ${index + 1} (${layer.kind}) of ${architecture.name}`;
    if (layer.kind === 'conv') {
      const [height, width, channels] = image(shape, place);
      const { filters, kernel, stride, padding } = layer;
      layers.push({ ...layer, ...convPlans(`conv${++named.conv}`, kernel, channels, filters) });
      shape = [...slide([height, width], kernel, stride, padding, place), filters];
    } else if (layer.kind === 'residual') {
      const [height, width, channels] = image(shape, place);
      const { filters, stride } = layer;
      layers.push({ ...layer, ...residualPlans(`residual${++named.residual}`, layer, channels, blocks) });
      shape = [...slide([height, width], 3, stride, 'same', place), filters];
    } else if (layer.kind === 'dense') {
      layers.push({ ...layer, ...densePlans(`dense${++named.dense}`, row(shape, place), layer.units) });
      shape = [layer.units];
    } else {
      layers.push(layer);
      if (layer.kind === 'max-pool') {
        const [height, width, channels] = image(shape, place);
        shape = [...slide([height, width], layer.size, layer.size, 'valid', place), channels];
      }
      if (layer.kind === 'global-average-pool') shape = [image(shape, place)[2]];
      if (layer.kind === 'flatten') shape = [size(shape)];
    }
  }
  const output = densePlans('logits', row(shape, `the output of ${architecture.name}`), classes);
  return { layers, output, parameters: [...layers, output].flatMap(parametersOf) };
}

/** The number of values in a tensor of this shape. */
export function size(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

function parametersOf(layer: LayerPlan | WeightsPlan): ParameterPlan[] {
  if ('kernelPlan' in layer) return [layer.kernelPlan, layer.biasPlan];
  if (layer.kind !== 'residual') return [];
  const { first, second, shortcutPlan } = layer;
  return [...parametersOf(first), ...parametersOf(second), ...(shortcutPlan ? [shortcutPlan] : [])];
}

/** The parameters of a residual block, to start as Fixup asks of branches of two layers (Zhang et al. 2019, section 3). */
function residualPlans(
  name: string,
  { filters, stride }: Extract<Layer, { kind: 'residual' }>,
  channels: number,
  blocks: number,
) {
  const kept = stride === 1 && filters === channels;
  return {
    first: convPlans(`${name}/conv1`, 3, channels, filters, blocks ** -0.5),
    second: convPlans(`${name}/conv2`, 3, filters, filters, 0),
    ...(!kept && { shortcutPlan: convPlans(`${name}/shortcut`, 1, channels, filters).kernelPlan }),
  };
}

function convPlans(name: string, kernel: number, channels: number, filters: number, gain?: number): WeightsPlan {
  const fans = { fanIn: kernel * kernel * channels, fanOut: kernel * kernel * filters };
  return {
    kernelPlan: {
      name: `${name}/kernel`,
      shape: [kernel, kernel, channels, filters],
      ...fans,
      ...(gain !== undefined && { gain }),
    },
    biasPlan: { name: `${name}/bias`, shape: [filters], ...fans },
  };
}

function densePlans(name: string, inputs: number, outputs: number): WeightsPlan {
  const fans = { fanIn: inputs, fanOut: outputs };
  return {
    kernelPlan: { name: `${name}/kernel`, shape: [inputs, outputs], ...fans },
    biasPlan: { name: `${name}/bias`, shape: [outputs], ...fans },
  };
}

function slide(
  extents: readonly number[],
  window: number,
  stride: number,
  padding: 'valid' | 'same',
  place: string,
): number[] {
  return extents.map((extent) => {
    if (padding === 'same') return Math.ceil(extent / stride);
    if (extent >= window) return Math.floor((extent - window) / stride) + 1;
    throw new RangeError(`${place} needs at least ${window} pixels a side, but ${extent} reach it; use larger images`);
  });
}

function image(shape: readonly number[], place: string): [number, number, number] {
  const [height, width, channels] = shape;
  if (shape.length === 3) return [height!, width!, channels!];
  throw new RangeError(`${place} needs [height, width, channels], not [${shape.join(', ')}]`);
}

function row(shape: readonly number[], place: string): number {
  if (shape.length === 1) return shape[0]!;
  throw new RangeError(`${place} needs one row an example, not [${shape.join(', ')}]; flatten before it`);
}

function assertInput(inputShape: readonly number[], classes: number): void {
  if (!inputShape.every((extent) => Number.isInteger(extent) && extent > 0)) {
    throw new RangeError(`an input shape holds whole numbers above 0, not [${inputShape.join(', ')}]`);
  }
  if (!(Number.isInteger(classes) && classes >= 2)) {
    throw new RangeError(`a classifier has at least 2 classes, not ${classes}`);
  }
}
