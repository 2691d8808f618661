import { backend_util } from '@tensorflow/tfjs-core';

/** The geometry of a 2-D convolution: sizes, strides and padding, worked out by tfjs. */
export type Convolution = backend_util.Conv2DInfo;

/** The attributes that the backward kernels of a convolution share. */
export interface ConvolutionAttrs {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dataFormat?: 'NHWC' | 'NCHW';
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * Works out the geometry of the convolution whose gradient is asked for.
 *
 * @param inputShape `[n, height, width, channels]`
 * @param filterShape `[height, width, in, out]`, or `[height, width, in, multiplier]` when depthwise
 * @throws where the layout is not NHWC or a dilation is above 1, as neither tfjs nor this kernel has that gradient
 */
export function convolutionOf(
  kernel: string,
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: ConvolutionAttrs,
  depthwise = false,
): Convolution {
  const { strides, pad, dimRoundingMode, dataFormat = 'NHWC', dilations = 1 } = attrs;
  if (dataFormat !== 'NHWC') {
    throw new Error(`${kernel} on wasm computes in the layout NHWC, not ${dataFormat}: transpose the input`);
  }
  if ([dilations].flat().some((dilation) => dilation !== 1)) {
    throw new Error(`${kernel} on wasm has no gradient for dilations above 1, and was given ${String(dilations)}`);
  }
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    1,
    pad,
    dimRoundingMode,
    depthwise,
  );
}
