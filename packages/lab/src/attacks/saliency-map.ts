/** What a saliency map reads of each pixel, and which pixels it may choose. */
export interface SaliencyMap {
  /** The derivative of the target's output by each pixel, times the direction (+1 or -1) in which pixels are moved. */
  readonly target: ArrayLike<number>;
  /** The derivative of the sum of all other outputs, times the same. */
  readonly others: ArrayLike<number>;
  /** The pixels that can still be moved. */
  readonly free: readonly number[];
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
  for (const pixel of free) {
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
 * Papernot et al. 2015, arXiv 1511.07528, algorithm 3.
 *
 * @returns two pixels, the first of equals, or none where no pair favours the target
 */
export function salientPair({ target, others, free }: SaliencyMap): number[] {
  const forTarget = Float64Array.from(free, (pixel) => target[pixel]!);
  const forOthers = Float64Array.from(free, (pixel) => others[pixel]!);
  const mostForTarget = forTarget.reduce((most, value) => Math.max(most, value), -Infinity);
  const leastForOthers = forOthers.reduce((least, value) => Math.min(least, value), Infinity);
  let best: number[] = [];
  let highest = 0;
  for (let i = 0; i < free.length; i++) {
    // Most pixels could not win even beside the best partner imaginable, so that their row of pairs is passed over.
    if (saliency(forTarget[i]! + mostForTarget, forOthers[i]! + leastForOthers) <= highest) continue;
    for (let j = i + 1; j < free.length; j++) {
      const score = saliency(forTarget[i]! + forTarget[j]!, forOthers[i]! + forOthers[j]!);
      if (score > highest) {
        highest = score;
        best = [free[i]!, free[j]!];
      }
    }
  }
  return best;
}

function saliency(target: number, others: number): number {
  return target > 0 && others < 0 ? -target * others : 0;
}
