import {
  BatchMatMul,
  Conv2D,
  Conv2DBackpropFilter,
  Transpose,
  util,
  type Conv2DBackpropFilterAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { differentiableConvolutionOf, type Convolution } from './convolution.js';
import { wasmKernel, type Inputs, type KernelScope } from './kernel.js';
import { blocksOf, patchSize, rowsOf, unfold } from './patches.js';
import { sliceOf } from './slice.js';

/** From this many input channels on, the gradient as a convolution was measured to be the faster. */
const CHANNELS_FOR_CONVOLUTION = 8;

/** The gradient of a convolution with respect to its filter, which tfjs-backend-wasm lacks. */
export const conv2dBackpropFilter = wasmKernel(
  Conv2DBackpropFilter,
  (scope, { x, dy }: Inputs<'x' | 'dy'>, attrs: Conv2DBackpropFilterAttrs) => {
    const convolution = differentiableConvolutionOf(Conv2DBackpropFilter, x.shape, attrs.filterShape, attrs);
    return convolution.inChannels >= CHANNELS_FOR_CONVOLUTION
      ? asConvolution(scope, x, dy, convolution)
      : asMatrixProducts(scope, x, dy, convolution);
  },
);

/**
 * dW as one convolution: the channels of x are the batch, the images are the channels, dy is the filter, and the stride
 * is its dilation. Where dy does not reach the last rows or columns of x, those are cut off.
 */
function asConvolution(scope: KernelScope, x: TensorInfo, dy: TensorInfo, convolution: Convolution): TensorInfo {
  const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth } = convolution;
  const { top, left } = convolution.padInfo;
  const bottom = (outHeight - 1) * strideHeight + filterHeight - inHeight - top;
  const right = (outWidth - 1) * strideWidth + filterWidth - inWidth - left;
  const channelsFirst = scope.run(Transpose, { x }, { perm: [3, 1, 2, 0] });
  const reached = [
    convolution.inChannels,
    inHeight + Math.min(0, bottom),
    inWidth + Math.min(0, right),
    convolution.batchSize,
  ];
  const gradient = scope.run(
    Conv2D,
    {
      x: bottom < 0 || right < 0 ? sliceOf(scope, channelsFirst, [0, 0, 0, 0], reached) : channelsFirst,
      filter: scope.run(Transpose, { x: dy }, { perm: [1, 2, 0, 3] }),
    },
    {
      strides: 1,
      dilations: [strideHeight, strideWidth],
      pad: [
        [0, 0],
        [top, Math.max(0, bottom)],
        [left, Math.max(0, right)],
        [0, 0],
      ],
      dataFormat: 'NHWC',
    },
  );
  return scope.run(Transpose, { x: gradient }, { perm: [1, 2, 0, 3] });
}

/** dW as the sum over blocks of images of patches^T dy, added up in double precision. */
function asMatrixProducts(scope: KernelScope, x: TensorInfo, dy: TensorInfo, convolution: Convolution): TensorInfo {
  const dw = scope.allocate(convolution.filterShape);
  const sum = new Float64Array(util.sizeFromShape(dw.shape));
  for (const block of blocksOf(convolution)) {
    scope.apart((part) => {
      const columns = part.allocate([patchSize(convolution), block.positions]);
      unfold(part.values(x), part.values(columns), convolution, block);
      const b = rowsOf(part, dy, block);
      const product = part.run(BatchMatMul, { a: columns, b }, { transposeA: false, transposeB: false });
      const values = part.values(product);
      for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
    });
  }
  scope.values(dw).set(sum);
  return dw;
}
