import {
  DepthwiseConv2dNativeBackpropInput,
  type DepthwiseConv2dNativeBackpropInputAttrs,
} from '@tensorflow/tfjs-core';
import { differentiableConvolutionOf } from './convolution.js';
import { forEachTap } from './depthwise-taps.js';
import { wasmKernel, type Inputs } from './kernel.js';

/** The gradient of a depthwise convolution with respect to its input, which tfjs-backend-wasm lacks. */
export const depthwiseBackpropInput = wasmKernel(
  DepthwiseConv2dNativeBackpropInput,
  (scope, { dy, filter }: Inputs<'dy' | 'filter'>, attrs: DepthwiseConv2dNativeBackpropInputAttrs) => {
    const convolution = differentiableConvolutionOf(
      DepthwiseConv2dNativeBackpropInput,
      attrs.inputShape,
      filter.shape,
      attrs,
      true,
    );
    const multiplier = convolution.outChannels / convolution.inChannels;
    const dx = scope.allocate(attrs.inputShape);
    const [gradients, weights, sums] = [scope.values(dy), scope.values(filter), scope.values(dx)];
    sums.fill(0);
    forEachTap(convolution, (input, output, tap) => {
      for (let channel = 0, out = 0; channel < convolution.inChannels; channel++) {
        let sum = 0;
        for (let copy = 0; copy < multiplier; copy++, out++) sum += gradients[output + out]! * weights[tap + out]!;
        sums[input + channel]! += sum;
      }
    });
    return dx;
  },
);
