import { backend_util, MaxPoolGrad, type MaxPoolGradAttrs } from '@tensorflow/tfjs-core';
import { wasmKernel, type Inputs } from './kernel.js';

/**
 * The gradient of max pooling: each value of dy goes to the first of the largest values of its window, row by row.
 *
 * tfjs-backend-wasm searches for each value apart; here all channels of a window are searched together.
 */
export const maxPoolGrad = wasmKernel(
  MaxPoolGrad,
  (scope, { dy, input }: Inputs<'dy' | 'input'>, { filterSize, strides, pad, dimRoundingMode }: MaxPoolGradAttrs) => {
    const shape = input.shape as [number, number, number, number];
    const pool = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const dx = scope.allocate(shape);
    spread(scope.values(input), scope.values(dy), scope.values(dx), pool);
    return dx;
  },
);

function spread(input: Float32Array, dy: Float32Array, dx: Float32Array, pool: backend_util.Conv2DInfo): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth } = pool;
  const largest = new Float32Array(inChannels);
  const place = new Int32Array(inChannels);
  dx.fill(0);
  let out = 0;
  for (let image = 0; image < batchSize; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const top = outRow * pool.strideHeight - pool.padInfo.top;
      const lastRow = Math.min(inHeight, top + pool.filterHeight);
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const left = outColumn * pool.strideWidth - pool.padInfo.left;
        const lastColumn = Math.min(inWidth, left + pool.filterWidth);
        largest.fill(-Infinity);
        place.fill(-1);
        for (let row = Math.max(0, top); row < lastRow; row++) {
          for (let column = Math.max(0, left); column < lastColumn; column++) {
            const pixel = ((image * inHeight + row) * inWidth + column) * inChannels;
            for (let channel = 0; channel < inChannels; channel++) {
              const value = input[pixel + channel]!;
              if (value > largest[channel]!) {
                largest[channel] = value;
                place[channel] = pixel + channel;
              }
            }
          }
        }
        for (let channel = 0; channel < inChannels; channel++, out++) {
          // A window without a value above -Infinity (all NaN, say) has no largest value.
          if (place[channel]! >= 0) dx[place[channel]!]! += dy[out]!;
        }
      }
    }
  }
}
