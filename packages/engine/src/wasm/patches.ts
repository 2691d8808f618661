import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Convolution } from './convolution.js';
import { reshaped, type KernelScope } from './kernel.js';
import { sliceOf } from './slice.js';

/**
 * The largest number of output positions that are unfolded at a time: enough to feed the matrix product, and few enough
 * for the patches to stay near the processor.
 */
const POSITIONS_AT_A_TIME = 8192;

/** A run of consecutive images of a batch, and the output positions that they have. */
export interface Block {
  readonly first: number;
  readonly images: number;
  readonly positions: number;
}

/** The batch, cut into runs of images whose patches are handled together. */
export function blocksOf({ batchSize, outHeight, outWidth }: Convolution): Block[] {
  const positions = outHeight * outWidth;
  const size = Math.max(1, Math.floor(POSITIONS_AT_A_TIME / positions));
  const blocks: Block[] = [];
  for (let first = 0; first < batchSize; first += size) {
    const images = Math.min(size, batchSize - first);
    blocks.push({ first, images, positions: images * positions });
  }
  return blocks;
}

/** The number of values that one output position of a convolution sees. */
export function patchSize({ filterHeight, filterWidth, inChannels }: Convolution): number {
  return filterHeight * filterWidth * inChannels;
}

/** What a batch `[n, height, width, channels]` holds for a block, as a matrix `[positions, channels]`. */
export function rowsOf(scope: KernelScope, batch: TensorInfo, block: Block): TensorInfo {
  const [images, ...rest] = batch.shape as [number, number, number, number];
  const part = block.images === images ? batch : sliceOf(scope, batch, [block.first, 0, 0, 0], [block.images, ...rest]);
  return reshaped(part, [block.positions, rest[2]]);
}

/**
 * Unfolds images into the patches that a filter sees (im2col), with zeros for the padding.
 *
 * @param x all images, `[n, height, width, channels]`
 * @param columns filled with `[filter height x filter width x channels, positions of the block]`
 */
export function unfold(x: Float32Array, columns: Float32Array, convolution: Convolution, block: Block): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = convolution;
  const { strideHeight, strideWidth, padInfo } = convolution;
  const step = strideWidth * inChannels;
  const end = block.first + block.images;
  let at = 0;
  for (let row = 0; row < filterHeight; row++) {
    for (let column = 0; column < filterWidth; column++) {
      // Output columns within [from, to) see a pixel of the image here; the others see padding.
      const shift = column - padInfo.left;
      const from = Math.min(outWidth, Math.max(0, Math.ceil(-shift / strideWidth)));
      const to = Math.max(from, Math.min(outWidth, Math.floor((inWidth - 1 - shift) / strideWidth) + 1));
      for (let channel = 0; channel < inChannels; channel++) {
        for (let image = block.first; image < end; image++) {
          for (let outRow = 0; outRow < outHeight; outRow++) {
            const inRow = outRow * strideHeight + row - padInfo.top;
            const inside = inRow >= 0 && inRow < inHeight;
            const first = inside ? from : outWidth;
            const last = inside ? to : outWidth;
            let source = ((image * inHeight + inRow) * inWidth + shift + first * strideWidth) * inChannels + channel;
            for (let out = 0; out < first; out++) columns[at++] = 0;
            for (let out = first; out < last; out++, source += step) columns[at++] = x[source]!;
            for (let out = last; out < outWidth; out++) columns[at++] = 0;
          }
        }
      }
    }
  }
}

/**
 * Adds patches up into the images that they were seen in (col2im): the transpose of unfolding.
 *
 * @param patches `[positions of the block, filter height x filter width x channels]`
 * @param dx all images, `[n, height, width, channels]`, added to
 */
export function fold(patches: Float32Array, dx: Float32Array, convolution: Convolution, block: Block): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = convolution;
  const { strideHeight, strideWidth, padInfo } = convolution;
  const runLength = filterWidth * inChannels;
  const end = block.first + block.images;
  let patch = 0;
  for (let image = block.first; image < end; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        // Within a row of the image, the columns of the filter and their channels are one run of consecutive values.
        const left = outColumn * strideWidth - padInfo.left;
        const from = Math.max(0, -left) * inChannels;
        const to = Math.min(filterWidth, inWidth - left) * inChannels;
        for (let row = 0; row < filterHeight; row++, patch += runLength) {
          const inRow = outRow * strideHeight + row - padInfo.top;
          if (inRow < 0 || inRow >= inHeight) continue;
          const target = ((image * inHeight + inRow) * inWidth + left) * inChannels;
          for (let value = from; value < to; value++) dx[target + value]! += patches[patch + value]!;
        }
      }
    }
  }
}
