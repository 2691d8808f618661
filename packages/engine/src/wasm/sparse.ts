import type { KernelScope } from './kernel.js';
import { BYTES, native, PANEL, type Address } from './native.js';
import { stretches, tapsWithin } from './stretches.js';
import type { Images, Target, Window } from './window.js';

/*
 * Gradients that come from max pooling are zero at three pixels of four or more, and half of what comes from ReLU is. Where
 * so much is zero, the other values are listed, and only they are multiplied, in the same order: a product with zero
 * changes no sum, so that the bits are those of a convolution that takes all products. Only 0 times infinity or NaN would, so
 * that the other factor must be finite.
 */

/** The largest share of values other than zero with which to list them is surely faster: from about 0.6 on it is not. */
const SPARSE = 0.55;

/** From so many channels on: a list is worth its making. */
const MANY_CHANNELS = 8;

/** From so many taps on, likewise: each value is used as often. */
const MANY_TAPS = 4;

/** Values of images that are listed at a time: as many as stay in the second-level cache. */
const LISTED_FLOATS = 65_536;

/** The largest image whose values are listed, which takes twice its memory. */
const LARGEST_IMAGE = 1_048_576;

/** A value and its offset. */
const ENTRY_BYTES = 8;

/** Positions that the native kernel works on at a time, and what it keeps of each, twice. */
const RUNS_AT_A_TIME = 128;
const RUN_FLOATS = 4;

/** The widest rows of positions of which the native kernels sum whole ones. */
const WIDEST = 128;

/**
 * Slides a window, as `slide` does, over as many images as are mostly zeros, from the first on.
 *
 * @param weights laid out in panels
 * @returns how many images it has done
 */
export function slideSparsely(
  scope: KernelScope,
  x: Images,
  window: Window,
  weights: { readonly address: Address; readonly columns: number; readonly patch: number },
  target: Target,
  { bias, relu }: { readonly bias: Address; readonly relu: boolean },
): number {
  const { channels, height, width, count } = x;
  const size = height * width * channels;
  if (!isWorthListing(window, channels, size) || isDense(x.address, size)) return 0;
  const down = stretches(window.height, window.strideDown, window.top, window.tapsDown, height);
  const across = stretches(window.width, window.strideAcross, window.left, window.tapsAcross, width);
  if ([...down, ...across].some(({ taps }) => taps === 0)) return 0;
  const panels = Math.ceil(weights.columns / PANEL) * PANEL * weights.patch;
  if (native().all_finite(weights.address, panels) === 0) return 0;

  const most = Math.min(count, Math.max(1, Math.floor(LISTED_FLOATS / size)));
  const starts = scope.allocate([most * height * width + 1], 'int32');
  const entries = scope.address(scope.allocate([most * height * width * 2 * Math.ceil(channels / 2) + 1, 2]));
  const counts = 1 + window.tapsAcross * Math.ceil(channels / 2);
  const work = scope.address(scope.allocate([2 * RUNS_AT_A_TIME * RUN_FLOATS + counts]));
  const startsAt = scope.address(starts);
  const row = window.tapsAcross * channels;
  for (let first = 0; first < count; first += most) {
    const images = Math.min(most, count - first);
    native().list_values(x.address + first * size * BYTES, images * height, width, channels, startsAt, entries);
    const listed = (scope.values<Int32Array>(starts)[images * height * width]! - entries) / ENTRY_BYTES;
    if (listed > SPARSE * images * size) return first;
    const results = target.address + first * target.imageStep * BYTES;
    for (const rows of down) {
      for (const columns of across) {
        native().convolve_sparse(
          startsAt + (rows.pixel * width + columns.pixel) * BYTES,
          images,
          height,
          width,
          columns.pixel,
          window.strideDown,
          window.strideAcross,
          rows.taps,
          columns.taps,
          channels,
          weights.address + (rows.tap * row + columns.tap * channels) * PANEL * BYTES,
          PANEL * weights.patch,
          PANEL * row,
          bias,
          Number(relu),
          results + (rows.first * target.rowStep + columns.first * target.columnStep) * BYTES,
          rows.positions,
          columns.positions,
          target.imageStep,
          target.rowStep,
          target.columnStep,
          weights.columns,
          work,
        );
      }
    }
  }
  return count;
}

/**
 * Adds to `dw`, as `addFilterGradient` does, what the window's patches and dy give it, for as many images as are finite
 * and whose dy is mostly zeros, from the first on.
 *
 * @returns how many images it has done
 */
export function addFilterGradientSparsely(
  scope: KernelScope,
  x: Images,
  window: Window,
  dy: { readonly address: Address; readonly columns: number },
  dw: Address,
): number {
  const { channels, count } = x;
  const { columns } = dy;
  const { height, width, strideDown, strideAcross, tapsDown, tapsAcross } = window;
  const positions = height * width;
  const size = x.height * x.width * channels;
  const whole = channels % PANEL === 0 && width <= WIDEST;
  if (!whole || !isWorthListing(window, columns, positions * columns)) return 0;
  if (isDense(dy.address, positions * columns)) return 0;

  const patch = tapsDown * tapsAcross * channels;
  const sums = scope.allocate([columns, patch]);
  scope.values(sums).fill(0);
  const starts = scope.allocate([(height + 1) * columns], 'int32');
  const entries = scope.address(scope.allocate([columns * positions, 2]));
  const [sumsAt, startsAt] = [scope.address(sums), scope.address(starts)];
  const rowSize = x.width * channels;
  const [rowStep, columnStep] = [strideDown * rowSize, strideAcross * channels];
  const down = tapsWithin(height, strideDown, window.top, tapsDown, x.height);
  const across = tapsWithin(width, strideAcross, window.left, tapsAcross, x.width);
  let image = 0;
  for (; image < count; image++) {
    const from = x.address + image * size * BYTES;
    const gradient = dy.address + image * positions * columns * BYTES;
    if (isDense(gradient, positions * columns) || native().all_finite(from, size) === 0) break;
    for (const taps of across) {
      const seen = gradient + taps.first * columns * BYTES;
      native().list_columns(
        seen,
        width * columns,
        height,
        taps.positions,
        columns,
        rowStep,
        columnStep,
        startsAt,
        entries,
      );
      for (const rows of down) {
        native().add_sparse_filter_gradient(
          from + ((rows.pixel - rows.first * strideDown) * rowSize + taps.pixel * channels) * BYTES,
          rowSize,
          rows.taps,
          taps.taps * channels,
          startsAt,
          rows.first,
          rows.positions,
          taps.positions,
          sumsAt + (rows.tap * tapsAcross + taps.tap) * channels * BYTES,
          patch,
          tapsAcross * channels,
          columns,
        );
      }
    }
  }
  native().lay_columns(sumsAt, 1, 0, 1, 0, columns, patch, patch, 1, dw);
  return image;
}

function isWorthListing({ tapsDown, tapsAcross }: Window, channels: number, imageSize: number): boolean {
  return channels >= MANY_CHANNELS && tapsDown * tapsAcross >= MANY_TAPS && imageSize <= LARGEST_IMAGE;
}

/** Whether too many of an image's values are not zero. */
function isDense(image: Address, size: number): boolean {
  return native().count_values(image, size) > SPARSE * size;
}
