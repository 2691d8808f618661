import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Convolution } from './convolution.js';
import type { KernelScope } from './kernel.js';
import { BYTES, native, NONE, PANEL, type Address } from './native.js';
import { addFilterGradientSparsely, slideSparsely } from './sparse.js';
import { stretches, tapsWithin } from './stretches.js';

/** Floats of padded images that are made at a time: as many as stay in the second-level cache. */
const FRAME_FLOATS = 65_536;

/** With at most so many output channels, a panel of sixteen would be mostly empty. */
const FEW_COLUMNS = 4;

/** From so many channels on, it costs less to leave out what lies beyond the edges of images than to put zeros there. */
const MANY_CHANNELS = 8;

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

/** Those behind the first few. */
function imagesFrom(x: Images, first: number): Images {
  const address = x.address + first * x.height * x.width * x.channels * BYTES;
  return { ...x, address, count: x.count - first };
}

/**
 * Does work on all images: at once where they have many channels, or the window does not leave them; else with zeros
 * around them, a few at a time, in memory that is used again.
 *
 * @param work is given images, where the window begins on them, and the index of the first of them
 */
function eachWithin(
  scope: KernelScope,
  x: Images,
  window: Window,
  work: (images: Images, corner: Pick<Window, 'top' | 'left'>, first: number) => void,
): void {
  const { count, height, width, channels } = x;
  const frameHeight = (window.height - 1) * window.strideDown + window.tapsDown;
  const frameWidth = (window.width - 1) * window.strideAcross + window.tapsAcross;
  const inside = window.top === 0 && window.left === 0 && frameHeight <= height && frameWidth <= width;
  if (inside || channels >= MANY_CHANNELS) {
    work(x, window, 0);
    return;
  }
  const size = frameHeight * frameWidth * channels;
  const atATime = Math.min(count, Math.max(1, Math.floor(FRAME_FLOATS / size)));
  const address = scope.address(scope.allocate([atATime, frameHeight, frameWidth, channels]));
  for (let first = 0; first < count; first += atATime) {
    const images = Math.min(atATime, count - first);
    const from = x.address + first * height * width * channels * BYTES;
    native().frame(from, images, height, width, channels, window.top, window.left, address, frameHeight, frameWidth);
    work({ address, count: images, height: frameHeight, width: frameWidth, channels }, { top: 0, left: 0 }, first);
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

/** Slides a window over images, beyond whose edges it sees zeros, and multiplies what it sees with weights. */
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
  const convolve = few ? native().convolve_few : native().convolve;
  const together = few ? 1 : PANEL;
  const panels = { address: laid, columns, patch };
  const done = few ? 0 : slideSparsely(scope, x, window, panels, target, { bias: added, relu });
  eachWithin(scope, imagesFrom(x, done), window, (images, { top, left }, first) => {
    const results = target.address + (done + first) * target.imageStep * BYTES;
    const rowSize = images.width * channels;
    for (const down of stretches(window.height, window.strideDown, top, window.tapsDown, images.height)) {
      for (const across of stretches(window.width, window.strideAcross, left, window.tapsAcross, images.width)) {
        convolve(
          images.address + (down.pixel * rowSize + across.pixel * channels) * BYTES,
          images.count,
          images.height * rowSize,
          rowSize,
          window.strideDown * rowSize,
          window.strideAcross * channels,
          down.taps,
          across.taps * channels,
          laid + (down.tap * run + across.tap * channels) * together * BYTES,
          together * patch,
          together * run,
          added,
          Number(relu),
          results + (down.first * target.rowStep + across.first * target.columnStep) * BYTES,
          down.positions,
          across.positions,
          target.imageStep,
          target.rowStep,
          target.columnStep,
          columns,
        );
      }
    }
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
  const { height, width, strideDown, strideAcross, tapsDown, tapsAcross } = window;
  const positions = height * width;
  const inPlace = columns % PANEL === 0;
  // Where dy does not divide into panels, those of an image are laid out apart.
  const panels = inPlace ? NONE : scope.address(scope.allocate([Math.ceil(columns / PANEL), positions, PANEL]));
  const panelStep = inPlace ? columns : PANEL;
  const done = addFilterGradientSparsely(scope, x, window, dy, dw);
  eachWithin(scope, imagesFrom(x, done), window, (images, { top, left }, firstImage) => {
    const rowSize = images.width * channels;
    const parts = tapsWithin(height, strideDown, top, tapsDown, images.height).flatMap((down) =>
      tapsWithin(width, strideAcross, left, tapsAcross, images.width).map((across) => ({ down, across })),
    );
    for (let image = 0; image < images.count; image++) {
      const from = images.address + image * images.height * rowSize * BYTES;
      const gradient = dy.address + (done + firstImage + image) * positions * columns * BYTES;
      if (!inPlace) native().lay_panels(gradient, 1, 0, 1, 0, positions, columns, columns, 1, panels);
      for (const { down, across } of parts) {
        native().add_filter_gradient(
          from + (down.pixel * rowSize + across.pixel * channels) * BYTES,
          rowSize,
          strideDown * rowSize,
          strideAcross * channels,
          down.taps,
          across.taps * channels,
          (inPlace ? gradient : panels) + (down.first * width + across.first) * panelStep * BYTES,
          inPlace ? PANEL : PANEL * positions,
          panelStep,
          width * panelStep,
          down.positions,
          across.positions,
          dw + (down.tap * tapsAcross + across.tap) * channels * columns * BYTES,
          tapsAcross * channels * columns,
          columns,
        );
      }
    }
  });
}
