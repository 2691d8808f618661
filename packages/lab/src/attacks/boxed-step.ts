import type { MinimisedNorm } from '@retort/contracts';

/**
 * The shortest step that raises a linear function by some amount inside the pixel box; where the box does not let it
 * rise so far, the step by which it rises the most.
 *
 * The pixels move along the gradient (L2) or its sign (Linf) until each reaches the end of the box (Croce and Hein 2019,
 * arXiv 1907.02044, section 2.2; the minimiser of both norms by the KKT conditions).
 *
 * @param gradient of the linear function
 * @param rise by how much; below 0 for a fall
 */
export function boxedStep(
  norm: MinimisedNorm,
  image: Float32Array,
  gradient: Float32Array,
  rise: number,
): Float64Array {
  const sign = rise < 0 ? -1 : 1;
  const direction = Float64Array.from(gradient, (value) => sign * (norm === 'l2' ? value : Math.sign(value)));
  const ends = direction.map((speed, at) => (speed > 0 ? 1 - image[at]! : image[at]!) / Math.abs(speed));
  const time = timeToRise(Math.abs(rise), {
    ends,
    slopes: direction.map((speed, at) => speed * sign * gradient[at]!),
  });
  return direction.map((speed, at) => (speed === 0 ? 0 : speed * Math.min(time, ends[at]!)));
}

/** When a sum of slopes, each of which ends at its own time, has risen so far; the last of their ends if it never has. */
function timeToRise(rise: number, { ends, slopes }: { ends: Float64Array; slopes: Float64Array }): number {
  const moving = Array.from(slopes.keys())
    .filter((at) => slopes[at]! > 0)
    .sort((first, second) => ends[first]! - ends[second]!);
  let slope = moving.reduce((sum, at) => sum + slopes[at]!, 0);
  let [time, missing] = [0, rise];
  for (const at of moving) {
    const gained = slope * (ends[at]! - time);
    if (gained >= missing) return time + missing / slope;
    missing -= gained;
    slope -= slopes[at]!;
    time = ends[at]!;
  }
  return time;
}
