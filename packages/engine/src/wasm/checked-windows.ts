import {
  AvgPool,
  backend_util,
  DepthwiseConv2dNative,
  FusedDepthwiseConv2D,
  MaxPool,
  type AvgPoolAttrs,
} from '@tensorflow/tfjs-core';
import { checkSize, convolutionOf, type ConvolutionAttrs } from './convolution.js';
import { wasmKernel, type Inputs, type WasmKernel } from './kernel.js';

/**
 * The forward kernels of tfjs-backend-wasm that slide a window, each with a check before it.
 *
 * TensorFlow.js works out the size of the output, and the wasm kernel again on its own. Where the padding is one number
 * and the window is not square or its strides differ, or where sizes are rounded up, the first is the smaller one: the
 * kernel would write over memory that is not its own.
 */
export const checkedWindows: readonly WasmKernel[] = [
  checkedDepthwise(DepthwiseConv2dNative),
  checkedDepthwise(FusedDepthwiseConv2D),
  checkedPool(MaxPool),
  checkedPool(AvgPool),
];

function checkedDepthwise(name: string): WasmKernel {
  return wasmKernel(name, (scope, inputs: Inputs<'x' | 'filter'>, attrs: ConvolutionAttrs) => {
    checkSize(name, convolutionOf(name, inputs.x.shape, inputs.filter.shape, attrs, true));
    return scope.run(name, inputs, { ...attrs });
  });
}

function checkedPool(name: string): WasmKernel {
  return wasmKernel(name, (scope, inputs: Inputs<'x'>, attrs: AvgPoolAttrs) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    const shape = inputs.x.shape as [number, number, number, number];
    checkSize(name, backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode));
    return scope.run(name, inputs, { ...attrs });
  });
}
