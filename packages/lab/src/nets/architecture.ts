/** One layer of an architecture. */
export type Layer =
  /** A convolution over both image axes, plus bias, then ReLU. */
  | { kind: 'conv'; filters: number; kernel: number; stride: number; padding: 'valid' | 'same' }
  /** The largest value of each `size x size` square. */
  | { kind: 'max-pool'; size: number }
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

/** The largest value of each square of `size` pixels a side; squares do not overlap, and what is left over is cut off. */
export function maxPool(size: number): Layer {
  return { kind: 'max-pool', size };
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
