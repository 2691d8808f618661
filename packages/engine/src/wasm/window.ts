import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Convolution } from './convolution.js';
import type { KernelScope } from './kernel.js';
import { native, NONE, type Address } from './native.js';

/** Floats of padded images that are made at a time: as many as stay in the second-level cache. */
const FRAME_FLOATS = 65_536;

/** With at most so many output channels, a panel of sixteen would be mostly empty. */
const FEW_COLUMNS = 4;

/** Output channels that are computed together. */
const PANEL = 16;

export const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** A window of a filter that slides over images. */
export interface Window {
  /** The rows and columns of zeros before the images; negative where so many are cut off. */
  readonly top: number;
  readonly left: number;
  readonly tapsDown: number;
  readonly tapsAcross: number;
  readonly strideDown: number;
  readonly strideAcross: number;
  /** The positions that it takes, down and across. */
  readonly height: number;
  readonly width: number;
}

/** The window of a convolution without dilations. */
export function windowOf(convolution: Convolution): Window {
  return {
    top: convolution.padInfo.top,
    left: convolution.padInfo.left,
    tapsDown: convolution.filterHeight,
    tapsAcross: convolution.filterWidth,
    strideDown: convolution.strideHeight,
    strideAcross: convolution.strideWidth,
    height: convolution.outHeight,
    width: convolution.outWidth,
  };
}

/** A batch of images on the heap, `[count, height, width, channels]`. */
export interface Images {
  readonly address: Address;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The images that a tensor `[n, height, width, channels]` holds. */
export function imagesOf(scope: KernelScope, { shape, ...tensor }: TensorInfo): Images {
  const [count, height, width, channels] = shape as [number, number, number, number];
  return { address: scope.address({ shape, ...tensor }), count, height, width, channels };
}

/**
 * Does work on all images, with zeros around them where the window needs it: then a few at a time, in memory that is
 * used again.
 *
 * @param work is given images that the window can slide over without leaving them, and the index of the first of them
 */
function eachFrames(
  scope: KernelScope,
  x: Images,
  window: Window,
  work: (frames: Images, first: number) => void,
): void {
  const { count, height, width, channels } = x;
  const frameHeight = (window.height - 1) * window.strideDown + window.tapsDown;
  const frameWidth = (window.width - 1) * window.strideAcross + window.tapsAcross;
  if (window.top === 0 && window.left === 0 && frameHeight <= height && frameWidth <= width) {
    work(x, 0);
    return;
  }
  const size = frameHeight * frameWidth * channels;
  const atATime = Math.min(count, Math.max(1, Math.floor(FRAME_FLOATS / size)));
  const address = scope.address(scope.allocate([atATime, frameHeight, frameWidth, channels]));
  for (let first = 0; first < count; first += atATime) {
    const images = Math.min(atATime, count - first);
    const from = x.address + first * height * width * channels * BYTES;
    native().frame(from, images, height, width, channels, window.top, window.left, address, frameHeight, frameWidth);
    work({ address, count: images, height: frameHeight, width: frameWidth, channels }, first);
  }
}

/** The matrix that a window's patches are multiplied with: where its values lie, in floats from the first of them. */
export interface Weights {
  readonly address: Address;
  readonly downStep: number;
  readonly acrossStep: number;
  readonly channelStep: number;
  readonly columnStep: number;
  readonly columns: number;
}

/** Where the results go: the address of the first, and the distance in floats to the next image, row and column. */
export interface Target {
  readonly address: Address;
  readonly imageStep: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** What is done to each result. */
export interface Finish {
  readonly bias?: TensorInfo;
  readonly relu?: boolean;
}

/** Slides a window over images and multiplies what it sees with weights. */
export function slide(
  scope: KernelScope,
  x: Images,
  window: Window,
  weights: Weights,
  target: Target,
  { bias, relu = false }: Finish = {},
): void {
  const { channels } = x;
  const run = window.tapsAcross * channels;
  const patch = window.tapsDown * run;
  const { columns } = weights;
  const few = columns <= FEW_COLUMNS;
  const laid = scope.address(scope.allocate([few ? columns : Math.ceil(columns / PANEL) * PANEL, patch]));
  (few ? native().lay_columns : native().lay_panels)(
    weights.address,
    window.tapsDown,
    weights.downStep,
    window.tapsAcross,
    weights.acrossStep,
    channels,
    weights.channelStep,
    columns,
    weights.columnStep,
    laid,
  );
  const added = bias ? scope.address(bias) : NONE;
  eachFrames(scope, x, window, (frames, first) => {
    const rowSize = frames.width * channels;
    const patches = [
      frames.address,
      frames.count,
      frames.height * rowSize,
      rowSize,
      window.strideDown * rowSize,
      window.strideAcross * channels,
      window.tapsDown,
      run,
      laid,
    ] as const;
    const results = [
      added,
      Number(relu),
      target.address + first * target.imageStep * BYTES,
      window.height,
      window.width,
      target.imageStep,
      target.rowStep,
      target.columnStep,
      columns,
    ] as const;
    if (few) native().convolve_few(...patches, ...results);
    else native().convolve(...patches, PANEL * patch, PANEL, ...results);
  });
}

/** Adds to `dw`, `[taps down, taps across, channels, columns]`, what the window's patches and dy give it, image by image. */
export function addFilterGradient(
  scope: KernelScope,
  x: Images,
  window: Window,
  dy: { readonly address: Address; readonly columns: number },
  dw: Address,
): void {
  const { channels } = x;
  const { columns } = dy;
  const positions = window.height * window.width;
  const inPlace = columns % PANEL === 0;
  // Where dy does not divide into panels, those of an image are laid out apart.
  const panels = inPlace ? NONE : scope.address(scope.allocate([Math.ceil(columns / PANEL), positions, PANEL]));
  eachFrames(scope, x, window, (frames, first) => {
    const rowSize = frames.width * channels;
    for (let image = 0; image < frames.count; image++) {
      const gradient = dy.address + (first + image) * positions * columns * BYTES;
      if (!inPlace) native().lay_panels(gradient, 1, 0, 1, 0, positions, columns, columns, 1, panels);
      native().add_filter_gradient(
        frames.address + image * frames.height * rowSize * BYTES,
        rowSize,
        window.strideDown * rowSize,
        window.strideAcross * channels,
        window.tapsDown,
        window.tapsAcross * channels,
        inPlace ? gradient : panels,
        inPlace ? PANEL : PANEL * positions,
        inPlace ? columns : PANEL,
        window.height,
        window.width,
        dw,
        columns,
      );
    }
  });
}
