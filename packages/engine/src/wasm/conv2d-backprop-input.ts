import {
  BatchMatMul,
  Conv2D,
  Conv2DBackpropInput,
  Reverse,
  Transpose,
  type Conv2DBackpropInputAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { differentiableConvolutionOf, type Convolution } from './convolution.js';
import { reshaped, wasmKernel, type Inputs, type KernelScope } from './kernel.js';
import { blocksOf, fold, patchSize, rowsOf } from './patches.js';

/** With fewer input channels, the gradient as a convolution was measured to be the slower. */
const CHANNELS_FOR_CONVOLUTION = 3;

/** The gradient of a convolution with respect to its input: faster than the plain loops of tfjs-backend-wasm. */
export const conv2dBackpropInput = wasmKernel(
  Conv2DBackpropInput,
  (scope, { dy, filter }: Inputs<'dy' | 'filter'>, attrs: Conv2DBackpropInputAttrs) => {
    const convolution = differentiableConvolutionOf(Conv2DBackpropInput, attrs.inputShape, filter.shape, attrs);
    return canBeConvolution(convolution) && convolution.inChannels >= CHANNELS_FOR_CONVOLUTION
      ? asConvolution(scope, dy, filter, convolution)
      : asMatrixProducts(scope, dy, filter, convolution);
  },
);

/** A stride spreads dy, and padding beyond the filter cuts it: neither is a plain convolution. */
function canBeConvolution({ strideHeight, strideWidth, filterHeight, filterWidth, padInfo }: Convolution): boolean {
  const { top, bottom, left, right } = padInfo;
  return (
    strideHeight === 1 &&
    strideWidth === 1 &&
    Math.max(top, bottom) < filterHeight &&
    Math.max(left, right) < filterWidth
  );
}

/** dX as a convolution of dy, padded to the full, with the filter turned by 180 degrees and its channels swapped. */
function asConvolution(scope: KernelScope, dy: TensorInfo, filter: TensorInfo, convolution: Convolution): TensorInfo {
  const { filterHeight, filterWidth, padInfo } = convolution;
  const turned = scope.run(Reverse, { x: filter }, { dims: [0, 1] });
  const swapped = scope.run(Transpose, { x: turned }, { perm: [0, 1, 3, 2] });
  const rows = [filterHeight - 1 - padInfo.top, filterHeight - 1 - padInfo.bottom];
  const columns = [filterWidth - 1 - padInfo.left, filterWidth - 1 - padInfo.right];
  const pad = [[0, 0], rows, columns, [0, 0]];
  return scope.run(Conv2D, { x: dy, filter: swapped }, { strides: 1, dilations: 1, pad, dataFormat: 'NHWC' });
}

/** dX as the patches dy W^T, added up where they overlap, a block of images at a time. */
function asMatrixProducts(
  scope: KernelScope,
  dy: TensorInfo,
  filter: TensorInfo,
  convolution: Convolution,
): TensorInfo {
  const size = patchSize(convolution);
  const matrix = reshaped(filter, [size, convolution.outChannels]);
  const transposed = scope.run(Transpose, { x: matrix }, { perm: [1, 0] });
  const dx = scope.allocate(convolution.inShape);
  scope.values(dx).fill(0);
  for (const block of blocksOf(convolution)) {
    scope.apart((part) => {
      const a = rowsOf(part, dy, block);
      const patches = part.run(BatchMatMul, { a, b: transposed }, { transposeA: false, transposeB: false });
      fold(part.values(patches), part.values(dx), convolution, block);
    });
  }
  return dx;
}
