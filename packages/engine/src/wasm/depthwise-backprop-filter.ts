import {
  DepthwiseConv2dNativeBackpropFilter,
  util,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
} from '@tensorflow/tfjs-core';
import { differentiableConvolutionOf } from './convolution.js';
import { forEachTap } from './depthwise-taps.js';
import { wasmKernel, type Inputs } from './kernel.js';

/** The gradient of a depthwise convolution with respect to its filter, which tfjs-backend-wasm lacks. */
export const depthwiseBackpropFilter = wasmKernel(
  DepthwiseConv2dNativeBackpropFilter,
  (scope, { x, dy }: Inputs<'x' | 'dy'>, attrs: DepthwiseConv2dNativeBackpropFilterAttrs) => {
    const convolution = differentiableConvolutionOf(
      DepthwiseConv2dNativeBackpropFilter,
      x.shape,
      attrs.filterShape,
      attrs,
      true,
    );
    const multiplier = convolution.outChannels / convolution.inChannels;
    const dw = scope.allocate(attrs.filterShape);
    const [inputs, gradients] = [scope.values(x), scope.values(dy)];
    const sum = new Float64Array(util.sizeFromShape(dw.shape));
    forEachTap(convolution, (input, output, filter) => {
      for (let channel = 0, out = 0; channel < convolution.inChannels; channel++) {
        const value = inputs[input + channel]!;
        for (let copy = 0; copy < multiplier; copy++, out++) sum[filter + out]! += value * gradients[output + out]!;
      }
    });
    scope.values(dw).set(sum);
    return dw;
  },
);
