import { backend_util, MaxPoolGrad, type MaxPoolGradAttrs } from '@tensorflow/tfjs-core';
import { wasmKernel, type Inputs } from './kernel.js';
import { native } from './native.js';

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
