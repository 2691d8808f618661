import { Conv2D, FusedConv2D, util, type FusedConv2DAttrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { checkSize, convolutionOf, type Convolution, type ConvolutionAttrs } from './convolution.js';
import { wasmKernel, type Inputs, type KernelScope } from './kernel.js';
import { imagesOf, slide, windowOf, type Finish } from './window.js';

/** The convolution. That of tfjs-backend-wasm still does the dilated ones. */
export const conv2d = wasmKernel(Conv2D, (scope, inputs: Inputs<'x' | 'filter'>, attrs: ConvolutionAttrs) => {
  const convolution = convolutionOf(Conv2D, inputs.x.shape, inputs.filter.shape, attrs);
  checkSize(Conv2D, convolution);
  return isOurs(convolution) ? convolve(scope, inputs, convolution) : scope.run(Conv2D, inputs, { ...attrs });
});

/**
 * The convolution with a bias and an activation: the same numbers as one after the other. That of tfjs-backend-wasm
 * still does the dilated ones, and the activations other than ReLU.
 */
export const fusedConv2d = wasmKernel(
  FusedConv2D,
  (scope, inputs: Inputs<'x' | 'filter'> & { bias?: TensorInfo }, attrs: FusedConv2DAttrs & ConvolutionAttrs) => {
    const convolution = convolutionOf(FusedConv2D, inputs.x.shape, inputs.filter.shape, attrs);
    checkSize(FusedConv2D, convolution);
    const { bias } = inputs;
    const activated = attrs.activation === 'linear' || attrs.activation === 'relu';
    const biased = !bias || util.sizeFromShape(bias.shape) === convolution.outChannels;
    if (!isOurs(convolution) || !activated || !biased) return scope.run(FusedConv2D, inputs, { ...attrs });
    return convolve(scope, inputs, convolution, { bias, relu: attrs.activation === 'relu' });
  },
);

function isOurs({ dilationHeight, dilationWidth }: Convolution): boolean {
  return dilationHeight === 1 && dilationWidth === 1;
}

function convolve(
  scope: KernelScope,
  { x, filter }: Inputs<'x' | 'filter'>,
  convolution: Convolution,
  finish?: Finish,
): TensorInfo {
  const { filterWidth, inChannels, outChannels, outHeight, outWidth } = convolution;
  const out = scope.allocate(convolution.outShape);
  const weights = {
    address: scope.address(filter),
    downStep: filterWidth * inChannels * outChannels,
    acrossStep: inChannels * outChannels,
    channelStep: outChannels,
    columnStep: 1,
    columns: outChannels,
  };
  const rowStep = outWidth * outChannels;
  const target = { address: scope.address(out), imageStep: outHeight * rowStep, rowStep, columnStep: outChannels };
  slide(scope, imagesOf(scope, x), windowOf(convolution), weights, target, finish);
  return out;
}
