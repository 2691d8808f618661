import { Type, type TObject, type TProperties } from 'typebox';

/** A layer that can be imported: the settings that matter in use, and its weights in Keras's order. */
export interface KnownLayer {
  /** Its settings in Keras's names; another one, unless it only matters in training, is refused. */
  readonly settings: TObject;
  /** Its weights in order; none for a layer without weights. */
  readonly weights?: (settings: Readonly<Record<string, unknown>>) => readonly Weight[];
  /** The layer of TensorFlow.js that computes the same, where it has another name or other settings. */
  readonly as?: (settings: Readonly<Record<string, unknown>>) => TfjsLayer;
}

/** The names that files give a weight; null for one that files leave out, which keeps its initial value. */
export type Weight = readonly string[] | null;

/** A layer in the names of TensorFlow.js. */
export interface TfjsLayer {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The activations that TensorFlow.js computes as Keras does; `hard_sigmoid` it does not: Keras 3 has another slope. */
const activations = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu6',
  elu: 'elu',
  selu: 'selu',
  sigmoid: 'sigmoid',
  softplus: 'softplus',
  softsign: 'softsign',
  tanh: 'tanh',
  softmax: 'softmax',
  log_softmax: 'logSoftmax',
  gelu: 'gelu',
  swish: 'swish',
  silu: 'swish',
  mish: 'mish',
} as const;

/** The name that TensorFlow.js has for an activation of Keras. */
export function tfjsActivation(name: string): string {
  return activations[name as keyof typeof activations];
}

const Activation = Type.Enum(Object.keys(activations), { default: 'linear' });
const Flag = Type.Boolean({ default: true });
const Pair = Type.Array(Type.Integer({ minimum: 1 }), { minItems: 2, maxItems: 2 });
const Strides = Type.Array(Type.Integer({ minimum: 1 }), { minItems: 2, maxItems: 2, default: [1, 1] });
/** TensorFlow.js has no gradient of a dilated convolution. */
const Undilated = Type.Array(Type.Literal(1), { minItems: 2, maxItems: 2, default: [1, 1] });
const Padding = Type.Enum(['valid', 'same'], { default: 'valid' });
const Margins = Type.Array(Type.Array(Type.Integer({ minimum: 0 }), { minItems: 2, maxItems: 2 }), {
  minItems: 2,
  maxItems: 2,
});
const Axis = Type.Integer({ default: -1 });
const ChannelsLast = { data_format: Type.Literal('channels_last', { default: 'channels_last' }) };
const Pool = { pool_size: Pair, strides: Type.Optional(Pair), padding: Padding, ...ChannelsLast };
const GlobalPool = { ...ChannelsLast, keepdims: Type.Literal(false, { default: false }) };
const Convolution = {
  kernel_size: Pair,
  strides: Strides,
  padding: Padding,
  ...ChannelsLast,
  dilation_rate: Undilated,
  groups: Type.Literal(1, { default: 1 }),
  activation: Activation,
  use_bias: Flag,
};

function known(settings: TProperties, rest: Omit<KnownLayer, 'settings'> = {}): KnownLayer {
  return { settings: Type.Object(settings, { additionalProperties: false }), ...rest };
}

const withBias =
  (...kernels: string[][]): KnownLayer['weights'] =>
  ({ use_bias: bias }) => [...kernels, ...(bias ? [['bias']] : [])];

/** Nothing in use, whatever its settings. */
const identity: KnownLayer = {
  settings: Type.Object({}),
  as: () => ({ className: 'Activation', config: { activation: 'linear' } }),
};

/** The layers that can be imported, by the names of their classes in Keras. */
export const knownLayers: Readonly<Record<string, KnownLayer>> = {
  Conv2D: known({ filters: Type.Integer({ minimum: 1 }), ...Convolution }, { weights: withBias(['kernel']) }),
  DepthwiseConv2D: known(
    { depth_multiplier: Type.Integer({ minimum: 1, default: 1 }), ...Convolution },
    { weights: withBias(['depthwise_kernel', 'kernel']) },
  ),
  SeparableConv2D: known(
    {
      filters: Type.Integer({ minimum: 1 }),
      depth_multiplier: Type.Integer({ minimum: 1, default: 1 }),
      ...Convolution,
    },
    { weights: withBias(['depthwise_kernel'], ['pointwise_kernel']) },
  ),
  Dense: known(
    { units: Type.Integer({ minimum: 1 }), activation: Activation, use_bias: Flag },
    { weights: withBias(['kernel']) },
  ),
  BatchNormalization: known(
    {
      // A list of one axis in Keras 2.
      axis: Type.Union([Type.Integer(), Type.Array(Type.Integer(), { minItems: 1, maxItems: 1 })], { default: -1 }),
      epsilon: Type.Number({ default: 1e-3 }),
      center: Flag,
      scale: Flag,
      renorm: Type.Literal(false, { default: false }),
    },
    {
      weights: ({ scale, center }) => [
        // TensorFlow.js has no gradient of the layer without it.
        scale ? ['gamma'] : null,
        ...(center ? [['beta']] : []),
        ['moving_mean'],
        ['moving_variance'],
      ],
      as: ({ axis, epsilon, center }) => ({
        className: 'BatchNormalization',
        config: { axis: [axis].flat()[0], epsilon, center, scale: true },
      }),
    },
  ),
  PReLU: known(
    { shared_axes: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }))) },
    { weights: () => [['alpha']] },
  ),
  Activation: known({ activation: Activation }),
  ReLU: known(
    {
      max_value: Type.Optional(Type.Number({ minimum: 0 })),
      negative_slope: Type.Union([Type.Literal(0), Type.Array(Type.Literal(0), { minItems: 1, maxItems: 1 })], {
        default: 0,
      }),
      threshold: Type.Literal(0, { default: 0 }),
    },
    {
      as: ({ max_value }) => ({ className: 'ReLU', config: max_value === undefined ? {} : { max_value } }),
    },
  ),
  LeakyReLU: known(
    // `alpha` in Keras 2 and TensorFlow.js.
    { negative_slope: Type.Optional(Type.Number()), alpha: Type.Optional(Type.Number()) },
    {
      as: ({ negative_slope: slope, alpha }) => ({ className: 'LeakyReLU', config: { alpha: slope ?? alpha ?? 0.3 } }),
    },
  ),
  ELU: known({ alpha: Type.Literal(1, { default: 1 }) }),
  Softmax: known({ axis: Axis }),
  Flatten: known(ChannelsLast),
  Reshape: known({ target_shape: Type.Array(Type.Integer({ minimum: -1 })) }),
  MaxPooling2D: known(Pool),
  AveragePooling2D: known(Pool),
  GlobalMaxPooling2D: known(GlobalPool, { as: () => ({ className: 'GlobalMaxPooling2D', config: {} }) }),
  GlobalAveragePooling2D: known(GlobalPool, { as: () => ({ className: 'GlobalAveragePooling2D', config: {} }) }),
  ZeroPadding2D: known({ padding: Margins, ...ChannelsLast }),
  Cropping2D: known({ cropping: Margins, ...ChannelsLast }),
  Add: known({}),
  Multiply: known({}),
  Average: known({}),
  Maximum: known({}),
  Concatenate: known({ axis: Axis }),
  Rescaling: known({ scale: Type.Number(), offset: Type.Number({ default: 0 }) }),
  Dropout: identity,
  SpatialDropout2D: identity,
  GaussianDropout: identity,
  GaussianNoise: identity,
  ActivityRegularization: identity,
  RandomFlip: identity,
  RandomRotation: identity,
  RandomTranslation: identity,
  RandomZoom: identity,
  RandomContrast: identity,
  RandomBrightness: identity,
};
