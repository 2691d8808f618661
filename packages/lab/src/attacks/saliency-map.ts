/** What a saliency map reads of each pixel, and which pixels it may choose. */
export interface SaliencyMap {
  /** The derivative of the target's output by each pixel, times the direction (+1 or -1) in which pixels are moved. */
  readonly target: ArrayLike<number>;
  /** The derivative of the sum of all other outputs, times the same. */
  readonly others: ArrayLike<number>;
  /** The pixels that can still be moved. */
  readonly free: ArrayLike<number>;
}

/**
 * The pixel whose move most favours the target: largest -target · others where target > 0 and others < 0.
 *
 * Papernot et al. 2015, arXiv 1511.07528, equation 8 (equation 9 for lowered pixels).
 *
 * @returns one pixel, the first of equals, or none where no pixel favours the target
 */
export function salientPixel({ target, others, free }: SaliencyMap): number[] {
  let best: number[] = [];
  let highest = 0;
  for (let at = 0; at < free.length; at++) {
    const pixel = free[at]!;
    const score = saliency(target[pixel]!, others[pixel]!);
    if (score > highest) {
      highest = score;
      best = [pixel];
    }
  }
  return best;
}

/**
 * The pair of pixels whose joint move most favours the target, each derivative summed over the two.
 *
 * Papernot et al. 2015, arXiv 1511.07528, algorithm 3. Most pixels could not win even beside the best partner imaginable:
 * of all pairs only those are looked at that could do as well as the best pair of one promising pixel.
 *
 * @returns two pixels, the first of equals, or none where no pair favours the target
 */
export function salientPair({ target, others, free }: SaliencyMap): number[] {
  const forTarget = Float64Array.from(free, (pixel) => target[pixel]!);
  const forOthers = Float64Array.from(free, (pixel) => others[pixel]!);
  const jointly = (i: number, j: number) => saliency(forTarget[i]! + forTarget[j]!, forOthers[i]! + forOthers[j]!);
  const bounds = boundsOfPairs(forTarget, forOthers);
  const promising = bounds.indexOf(bounds.reduce((most, bound) => Math.max(most, bound), 0));
  let attained = Number.MIN_VALUE;
  for (let other = 0; other < bounds.length; other++) {
    if (other !== promising && promising >= 0) attained = Math.max(attained, jointly(promising, other));
  }
  const able = Array.from(bounds.keys()).filter((pixel) => bounds[pixel]! >= attained);
  let best: number[] = [];
  let highest = 0;
  for (let first = 0; first < able.length; first++) {
    const i = able[first]!;
    if (bounds[i]! <= highest) continue;
    for (let second = first + 1; second < able.length; second++) {
      const j = able[second]!;
      const score = jointly(i, j);
      if (score > highest) {
        highest = score;
        best = [free[i]!, free[j]!];
      }
    }
  }
  return best;
}

/** What a pair with each pixel could score at most: beside a pixel that had the best of both derivatives. */
function boundsOfPairs(forTarget: Float64Array, forOthers: Float64Array): Float64Array {
  const most = forTarget.reduce((largest, value) => Math.max(largest, value), -Infinity);
  const least = forOthers.reduce((smallest, value) => Math.min(smallest, value), Infinity);
  return forTarget.map((value, pixel) => saliency(value + most, forOthers[pixel]! + least));
}

function saliency(target: number, others: number): number {
  return target > 0 && others < 0 ? -target * others : 0;
}
