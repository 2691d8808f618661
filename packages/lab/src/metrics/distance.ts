/** How far an image was moved, in pixel units where the pixel range is 0 to 1. */
export interface Distance {
  /** Positions with a change in any channel. */
  readonly pixelsChanged: number;
  /** Values changed, each channel counted. */
  readonly l0: number;
  /** The sum of the absolute changes. */
  readonly l1: number;
  /** The Euclidean length of the change. */
  readonly l2: number;
  /** The largest absolute change. */
  readonly linf: number;
}

/**
 * The distance between two images, reckoned in float64 from their float32 pixels.
 *
 * @param channels how many values a position has, innermost; 1 for grey images
 */
export function distanceBetween(original: Float32Array, image: Float32Array, channels: number): Distance {
  const changed = new Set<number>();
  let [l0, l1, squares, linf] = [0, 0, 0, 0];
  original.forEach((pixel, at) => {
    const change = Math.abs(image[at]! - pixel);
    if (change === 0) return;
    changed.add(Math.floor(at / channels));
    l0 += 1;
    l1 += change;
    squares += change * change;
    linf = Math.max(linf, change);
  });
  return { pixelsChanged: changed.size, l0, l1, l2: Math.sqrt(squares), linf };
}
