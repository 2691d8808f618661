/** One layer of an architecture. */
export type Layer =
  /** A convolution over both image axes, plus bias, then ReLU. */
  | { kind: 'conv'; filters: number; kernel: number; stride: number; padding: 'valid' | 'same' }
  /**
   * A block of two 3x3 convolutions whose result is added to its input, then ReLU; where the filters or the stride change
   * the shape, the input passes a 1x1 convolution (He et al. 2015, arXiv 1512.03385, section 3.3, option B).
   */
  | { kind: 'residual'; filters: number; stride: number }
  /** The largest value of each `size x size` square. */
  | { kind: 'max-pool'; size: number }
  /** The mean of each channel. */
  | { kind: 'global-average-pool' }
  /** All values of an example in one row. */
  | { kind: 'flatten' }
  /** A full connection, plus bias, then ReLU. */
  | { kind: 'dense'; units: number }
  /** A place at which training drops units; nothing happens here at any other time. */
  | { kind: 'dropout' };

/** A net's layers in order; the full connection that gives one logit a class follows the last of them. */
export interface Architecture {
  readonly name: string;
  readonly layers: readonly Layer[];
}

/** A square convolution with ReLU; by default it moves by one pixel and keeps to the inside of the image. */
export function conv(
  filters: number,
  kernel: number,
  { stride = 1, padding = 'valid' }: { stride?: number; padding?: 'valid' | 'same' } = {},
): Layer {
  return { kind: 'conv', filters, kernel, stride, padding };
}

/** A residual block; by default it keeps the size of the image. */
export function residual(filters: number, { stride = 1 }: { stride?: number } = {}): Layer {
  return { kind: 'residual', filters, stride };
}

/** The largest value of each square of `size` pixels a side; squares do not overlap, and what is left over is cut off. */
export function maxPool(size: number): Layer {
  return { kind: 'max-pool', size };
}

/** The mean of each channel over the image. */
export function globalAveragePool(): Layer {
  return { kind: 'global-average-pool' };
}

/** All values of an example in one row. */
export function flatten(): Layer {
  return { kind: 'flatten' };
}

/** A full connection with ReLU. */
export function dense(units: number): Layer {
  return { kind: 'dense', units };
}

/** A place at which training drops units. */
export function dropout(): Layer {
  return { kind: 'dropout' };
}
