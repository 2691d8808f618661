import type { Convolution } from './convolution.js';

/**
 * Visits every place where a tap of a depthwise filter meets a pixel of the input, padding left out.
 *
 * @param visit is given the first channel's index in the input, in the output and in the filter, in that order
 */
export function forEachTap(
  convolution: Convolution,
  visit: (input: number, output: number, filter: number) => void,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = convolution;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = convolution;
  for (let image = 0; image < batchSize; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const top = outRow * strideHeight - padInfo.top;
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const left = outColumn * strideWidth - padInfo.left;
        const output = ((image * outHeight + outRow) * outWidth + outColumn) * outChannels;
        for (let row = Math.max(0, -top); row < filterHeight && top + row < inHeight; row++) {
          for (let column = Math.max(0, -left); column < filterWidth && left + column < inWidth; column++) {
            const input = ((image * inHeight + top + row) * inWidth + left + column) * inChannels;
            visit(input, output, (row * filterWidth + column) * outChannels);
          }
        }
      }
    }
  }
}
