import { Conv2DBackpropInput, type Conv2DBackpropInputAttrs } from '@tensorflow/tfjs-core';
import { differentiableConvolutionOf } from './convolution.js';
import { wasmKernel, type Inputs } from './kernel.js';
import { BYTES } from './native.js';
import { imagesOf, slide } from './window.js';

/**
 * The gradient of a convolution with respect to its input: a convolution of dy with the filter turned by 180 degrees
 * and its channels swapped. With strides, each residue of a pixel's row and column by the strides sees taps of its own:
 * there are as many convolutions as residues, each with its part of the filter.
 */
export const conv2dBackpropInput = wasmKernel(
  Conv2DBackpropInput,
  (scope, { dy, filter }: Inputs<'dy' | 'filter'>, attrs: Conv2DBackpropInputAttrs) => {
    const convolution = differentiableConvolutionOf(Conv2DBackpropInput, attrs.inputShape, filter.shape, attrs);
    const { inHeight, inWidth, inChannels, outChannels, filterHeight, filterWidth, padInfo } = convolution;
    const dx = scope.allocate(convolution.inShape);
    const down = residues(inHeight, filterHeight, convolution.strideHeight, padInfo.top);
    const across = residues(inWidth, filterWidth, convolution.strideWidth, padInfo.left);
    // A pixel that no tap sees has the gradient zero.
    if ([...down, ...across].some(({ taps }) => taps === 0)) scope.values(dx).fill(0);
    const rowStep = inWidth * inChannels;
    for (const row of down.filter(({ taps, pixels }) => taps > 0 && pixels > 0)) {
      for (const column of across.filter(({ taps, pixels }) => taps > 0 && pixels > 0)) {
        const tapStep = inChannels * outChannels;
        slide(
          scope,
          imagesOf(scope, dy),
          {
            top: row.before,
            left: column.before,
            tapsDown: row.taps,
            tapsAcross: column.taps,
            strideDown: 1,
            strideAcross: 1,
            height: row.pixels,
            width: column.pixels,
          },
          {
            address: scope.address(filter) + (row.lastTap * filterWidth + column.lastTap) * tapStep * BYTES,
            downStep: -convolution.strideHeight * filterWidth * tapStep,
            acrossStep: -convolution.strideWidth * tapStep,
            channelStep: 1,
            columnStep: outChannels,
            columns: inChannels,
          },
          {
            address: scope.address(dx) + (row.first * rowStep + column.first * inChannels) * BYTES,
            imageStep: inHeight * rowStep,
            rowStep: convolution.strideHeight * rowStep,
            columnStep: convolution.strideWidth * inChannels,
          },
        );
      }
    }
    return dx;
  },
);

/** The pixels of an image, along one axis, that see the same taps of the filter. */
interface Residue {
  /** The first of them, and how many there are; a stride leads from one to the next. */
  readonly first: number;
  readonly pixels: number;
  /** How many taps they see, and the last of those; a stride leads from one to the one before. */
  readonly taps: number;
  readonly lastTap: number;
  /** How many zeros come before dy, so that the first pixel sees its taps from the first place on. */
  readonly before: number;
}

/** Pixel i sees dy at o through tap k where i + pad = o stride + k. */
function residues(length: number, filter: number, stride: number, pad: number): Residue[] {
  return Array.from({ length: stride }, (_, tap) => {
    const first = (((tap - pad) % stride) + stride) % stride;
    const taps = Math.ceil(Math.max(0, filter - tap) / stride);
    return {
      first,
      pixels: Math.ceil(Math.max(0, length - first) / stride),
      taps,
      lastTap: tap + (taps - 1) * stride,
      before: taps - 1 - (first + pad - tap) / stride,
    };
  });
}
