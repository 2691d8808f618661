import {
  AvgPool,
  AvgPoolGrad,
  backend_util,
  engine,
  mul,
  registerGradient,
  tensor3d,
  unregisterGradient,
  type AvgPoolAttrs,
  type GradConfig,
  type NamedAttrMap,
  type Tensor,
} from '@tensorflow/tfjs-core';

/**
 * The gradient of average pooling.
 *
 * TensorFlow.js 4.22 averages over the cells of a window that lie inside the image, and in its gradient divides by all
 * cells of the window, padding included: at a padded border its gradients are too small. Here each value of dy is first
 * multiplied by the ratio of the two.
 */
const averagePoolGradient: GradConfig = {
  kernelName: AvgPool,
  inputsToSave: ['x'],
  gradFunc: (dy, saved: Tensor[], attrs: NamedAttrMap) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as AvgPoolAttrs;
    const input = saved[0]!;
    const shape = input.shape as [number, number, number, number];
    const pool = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const ratio = tensor3d(paddedShare(pool), [pool.outHeight, pool.outWidth, 1]);
    return { x: () => engine().runKernel(AvgPoolGrad, { dy: mul(dy as Tensor, ratio), input }, attrs) };
  },
};

/** Makes the gradients of average pooling right on the backends whose kernel gets them wrong: `wasm`, `webgpu`
 * and `cpu`. */
export function registerAveragePoolGradient(): void {
  unregisterGradient(AvgPool);
  registerGradient(averagePoolGradient);
}

/** For each window, all of its cells divided by those that lie inside the image. */
function paddedShare(pool: backend_util.Conv2DInfo): Float32Array {
  const { filterHeight, filterWidth, outHeight, outWidth, inHeight, inWidth, strideHeight, strideWidth, padInfo } =
    pool;
  const rows = inside(outHeight, strideHeight, padInfo.top, filterHeight, inHeight);
  const columns = inside(outWidth, strideWidth, padInfo.left, filterWidth, inWidth);
  return Float32Array.from(
    rows.flatMap((height) => columns.map((width) => (filterHeight * filterWidth) / (height * width))),
  );
}

/** How many cells of each window lie inside the image, along one axis. */
function inside(windows: number, stride: number, padding: number, window: number, length: number): number[] {
  return Array.from({ length: windows }, (_, at) => {
    const first = at * stride - padding;
    return Math.min(first + window, length) - Math.max(first, 0);
  });
}
