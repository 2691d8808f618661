import { Conv2DBackpropFilter, type Conv2DBackpropFilterAttrs } from '@tensorflow/tfjs-core';
import { differentiableConvolutionOf } from './convolution.js';
import { wasmKernel, type Inputs } from './kernel.js';
import { imagesOf, addFilterGradient, windowOf } from './window.js';

/** The gradient of a convolution with respect to its filter, which tfjs-backend-wasm lacks. */
export const conv2dBackpropFilter = wasmKernel(
  Conv2DBackpropFilter,
  (scope, { x, dy }: Inputs<'x' | 'dy'>, attrs: Conv2DBackpropFilterAttrs) => {
    const convolution = differentiableConvolutionOf(Conv2DBackpropFilter, x.shape, attrs.filterShape, attrs);
    const dw = scope.allocate(convolution.filterShape);
    scope.values(dw).fill(0);
    const gradient = { address: scope.address(dy), columns: convolution.outChannels };
    addFilterGradient(scope, imagesOf(scope, x), windowOf(convolution), gradient, scope.address(dw));
    return dw;
  },
);
