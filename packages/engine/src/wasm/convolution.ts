import { backend_util } from '@tensorflow/tfjs-core';

/** The geometry of a 2-D convolution or pool: sizes, strides and padding, worked out by TensorFlow.js. */
export type Convolution = backend_util.Conv2DInfo;

/** The attributes that the kernels of convolutions share. */
export interface ConvolutionAttrs {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dataFormat?: 'NHWC' | 'NCHW';
  /** Null where tfjs-layers gives none. */
  dilations?: [number, number] | number | null;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * Works out the geometry of a convolution.
 *
 * @param kernel the name of the kernel that asks, for the error
 * @param inputShape `[n, height, width, channels]`
 * @param filterShape `[height, width, in, out]`, or `[height, width, in, multiplier]` when depthwise
 * @throws where the layout is not NHWC
 */
export function convolutionOf(
  kernel: string,
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dataFormat = 'NHWC', dilations, dimRoundingMode }: ConvolutionAttrs,
  depthwise = false,
): Convolution {
  if (dataFormat !== 'NHWC') {
    throw new Error(`${kernel} on wasm computes in the layout NHWC, not ${dataFormat}: transpose the input`);
  }
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

/**
 * Works out the geometry of the convolution whose gradient is asked for.
 *
 * @throws also where a dilation is above 1: neither TensorFlow.js nor Retort has that gradient
 */
export function differentiableConvolutionOf(...geometry: Parameters<typeof convolutionOf>): Convolution {
  const convolution = convolutionOf(...geometry);
  const { dilationHeight, dilationWidth } = convolution;
  if (dilationHeight === 1 && dilationWidth === 1) return convolution;
  throw new Error(
    `${geometry[0]} on wasm has no gradient for dilations above 1, and was given ${dilationHeight}x${dilationWidth}`,
  );
}

/**
 * Checks the size that TensorFlow.js works out for the output: where the padding is one number and the window is not
 * square or its strides differ, or where sizes are rounded up, it is not the size that the window gives.
 *
 * @param kernel the name of the kernel that asks, for the error
 * @throws where the sizes differ
 */
export function checkSize(kernel: string, window: Convolution): void {
  const { inHeight, inWidth, outHeight, outWidth, padInfo } = window;
  const rows = inHeight + padInfo.top + padInfo.bottom - window.effectiveFilterHeight;
  const columns = inWidth + padInfo.left + padInfo.right - window.effectiveFilterWidth;
  const height = Math.floor(rows / window.strideHeight) + 1;
  const width = Math.floor(columns / window.strideWidth) + 1;
  if (outHeight === height && outWidth === width) return;
  throw new Error(
    `${kernel} on wasm: TensorFlow.js takes the output for ${outHeight}x${outWidth}, where it is ${height}x${width}; ` +
      `give the padding of each side, or 'same' or 'valid'`,
  );
}
