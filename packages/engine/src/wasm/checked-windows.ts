import {
  AvgPool,
  backend_util,
  Conv2D,
  DepthwiseConv2dNative,
  FusedConv2D,
  FusedDepthwiseConv2D,
  MaxPool,
  type AvgPoolAttrs,
} from '@tensorflow/tfjs-core';
import { convolutionOf, type Convolution, type ConvolutionAttrs } from './convolution.js';
import { wasmKernel, type Inputs, type WasmKernel } from './kernel.js';

/**
 * The forward kernels that slide a window, each with a check before it.
 *
 * TensorFlow.js works out the size of the output, and the wasm kernel again on its own. Where the padding is one number
 * and the window is not square or its strides differ, or where sizes are rounded up, the first is the smaller one: the
 * kernel would write over memory that is not its own.
 */
export const checkedWindows: readonly WasmKernel[] = [
  checkedConvolution(Conv2D, false),
  checkedConvolution(FusedConv2D, false),
  checkedConvolution(DepthwiseConv2dNative, true),
  checkedConvolution(FusedDepthwiseConv2D, true),
  checkedPool(MaxPool),
  checkedPool(AvgPool),
];

function checkedConvolution(name: string, depthwise: boolean): WasmKernel {
  return wasmKernel(name, (scope, inputs: Inputs<'x' | 'filter'>, attrs: ConvolutionAttrs) => {
    check(name, convolutionOf(name, inputs.x.shape, inputs.filter.shape, attrs, depthwise));
    return scope.run(name, inputs, { ...attrs });
  });
}

function checkedPool(name: string): WasmKernel {
  return wasmKernel(name, (scope, inputs: Inputs<'x'>, attrs: AvgPoolAttrs) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    const shape = inputs.x.shape as [number, number, number, number];
    check(name, backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode));
    return scope.run(name, inputs, { ...attrs });
  });
}

function check(name: string, window: Convolution): void {
  const { inHeight, inWidth, outHeight, outWidth, padInfo } = window;
  const rows = inHeight + padInfo.top + padInfo.bottom - window.effectiveFilterHeight;
  const columns = inWidth + padInfo.left + padInfo.right - window.effectiveFilterWidth;
  const height = Math.floor(rows / window.strideHeight) + 1;
  const width = Math.floor(columns / window.strideWidth) + 1;
  if (outHeight === height && outWidth === width) return;
  throw new Error(
    `${name} on wasm: TensorFlow.js takes the output for ${outHeight}x${outWidth}, where it is ${height}x${width}; ` +
      `give the padding of each side, or 'same' or 'valid'`,
  );
}
