import {
  add,
  conv2d,
  dispose,
  losses,
  matMul,
  maxPool,
  oneHot,
  relu,
  reshape,
  tensor,
  tensor1d,
  tidy,
  valueAndGrads,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';

/** The largest relative error that single precision explains. */
export const SELF_CHECK_TOLERANCE = 1e-5;

/** One tensor of the check: its shape, the phase of the sine wave that fills it, and the gradient of the loss by it. */
interface Checked {
  readonly shape: number[];
  readonly phase: number;
  readonly gradient: readonly number[];
}

/**
 * A small net's mean cross-entropy at the labels 0 and 2: convolution 3x3 with padding, ReLU, max pooling 2x2, dense.
 * The gradients were computed apart, in double precision with NumPy, as central differences of fourth order.
 */
const LOSS = 3.7280819328;
const INPUT: Checked = {
  shape: [2, 4, 4, 1],
  phase: 0.1,
  gradient: [
    -0.734021546, 0.304250643, -0.192072767, -0.033815572, 0.397705942, 0.206414217, -0.042263323, 0.212428918,
    0.684383855, -0.451942836, -0.235300635, -0.119039576, -0.737399676, 0.532320123, -0.40133769, 0.626266752,
    -0.548123752, 0.663024107, 0.060947121, -0.681346178, 0.688000645, -1.020487688, 0.471909793, -0.05062351,
    0.806745269, -0.473740092, 0.211823828, 0.2252818, -0.453624512, 0.078425768, 0.165521088, -0.06800209,
  ],
};
const FILTER: Checked = {
  shape: [3, 3, 1, 2],
  phase: 0.2,
  gradient: [
    -0.990188186, 0.681873759, -0.49610386, -0.798813224, -0.024939957, 0.39888017, 0.481701501, 0.617532523,
    -1.103475042, -1.045773044, -0.64660509, 0.819624811, 0.803578809, 0.854649964, -1.521455411, -0.263723589,
    -0.585391683, -0.120185361,
  ],
};
const FILTER_BIAS: Checked = { shape: [2], phase: 0.3, gradient: [1.093429016, 0.608528375] };
const DENSE: Checked = {
  shape: [8, 3],
  phase: 0.4,
  gradient: [
    -0.391773999, 0.717622752, -0.325848753, -0.930054605, 1.765477622, -0.835423017, -0.515471004, 0.709131746,
    -0.193660742, -0.894074982, 1.729910716, -0.835835734, -0.613099624, 0.694350665, -0.081251042, -0.886845482,
    1.737840976, -0.850995494, -0.652929903, 1.20430704, -0.551377137, -0.936756424, 1.592861593, -0.656105169,
  ],
};
const DENSE_BIAS: Checked = { shape: [3], phase: 0.5, gradient: [-0.491638872, 0.911292296, -0.419653424] };
const CHECKED = [INPUT, FILTER, FILTER_BIAS, DENSE, DENSE_BIAS];

/**
 * Computes a small net's loss and gradients on the current backend and compares them with known values.
 *
 * @returns the largest error over all tensors, each relative to the tensor's largest value; NaN where a value is NaN
 */
export async function selfCheck(): Promise<number> {
  const { value, grads } = tidy(() => valueAndGrads(loss)(CHECKED.map(({ shape, phase }) => wave(shape, phase))));
  try {
    const [computed, ...gradients] = await Promise.all([value, ...grads].map((result) => result.data()));
    const errors = CHECKED.map(({ gradient }, index) => relativeError(gradients[index]!, gradient));
    return Math.max(relativeError(computed!, [LOSS]), ...errors);
  } finally {
    dispose([value, ...grads]);
  }
}

function loss(...tensors: Tensor[]): Tensor {
  const [input, filter, filterBias, dense, denseBias] = tensors as [Tensor4D, Tensor4D, Tensor, Tensor2D, Tensor];
  const features = maxPool(relu(add<Tensor4D>(conv2d(input, filter, 1, 'same'), filterBias)), 2, 2, 'valid');
  const logits = add(matMul(reshape(features, [2, 8]), dense), denseBias);
  return losses.softmaxCrossEntropy(oneHot(tensor1d([0, 2], 'int32'), 3, 1, 0, 'float32'), logits);
}

function wave(shape: number[], phase: number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, index) => Math.sin(phase + 1.7 * index)),
    shape,
  );
}

function relativeError(values: ArrayLike<number>, known: readonly number[]): number {
  const scale = Math.max(...known.map(Math.abs));
  return Math.max(...known.map((value, index) => Math.abs(value - values[index]!))) / scale;
}
