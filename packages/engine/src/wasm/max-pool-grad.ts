import { backend_util, MaxPoolGrad, type MaxPoolGradAttrs } from '@tensorflow/tfjs-core';
import { wasmKernel, type Inputs } from './kernel.js';
import { native, type Address } from './native.js';

/**
 * The gradient of max pooling: each value of dy goes to the first of the largest values of its window, row by row.
 *
 * tfjs-backend-wasm searches for each value apart; here four channels of a window are searched together.
 */
export const maxPoolGrad = wasmKernel(
  MaxPoolGrad,
  (scope, { dy, input }: Inputs<'dy' | 'input'>, { filterSize, strides, pad, dimRoundingMode }: MaxPoolGradAttrs) => {
    const shape = input.shape as [number, number, number, number];
    const pool = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const dx = scope.allocate(shape);
    if (isOfPairs(pool)) {
      const [x, from, to] = [input, dy, dx].map((tensor) => scope.address(tensor)) as [Address, Address, Address];
      const { batchSize, outHeight, outWidth, inChannels } = pool;
      native().max_pool_gradient_of_pairs(x, from, to, batchSize, outHeight, outWidth, inChannels);
      return dx;
    }
    scope.values(dx).fill(0);
    native().add_max_pool_gradient(
      scope.address(input),
      scope.address(dy),
      scope.address(dx),
      pool.batchSize,
      pool.inHeight,
      pool.inWidth,
      pool.inChannels,
      pool.outHeight,
      pool.outWidth,
      pool.filterHeight,
      pool.filterWidth,
      pool.strideHeight,
      pool.strideWidth,
      pool.padInfo.top,
      pool.padInfo.left,
    );
    return dx;
  },
);

/** Whether the windows are the usual ones: of 2 by 2 pixels, side by side, all of them within the images, and all pixels in one. */
function isOfPairs(pool: backend_util.Conv2DInfo): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = pool;
  return (
    [filterHeight, filterWidth, strideHeight, strideWidth].every((size) => size === 2) &&
    padInfo.top === 0 &&
    padInfo.left === 0 &&
    pool.inHeight === 2 * pool.outHeight &&
    pool.inWidth === 2 * pool.outWidth
  );
}
