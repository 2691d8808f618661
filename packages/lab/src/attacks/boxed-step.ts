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
  const speeds = new Float64Array(gradient).map((value) => sign * (norm === 'l2' ? value : Math.sign(value)));
  const ends = speeds.map((speed, at) =>
    speed === 0 ? Infinity : (speed > 0 ? 1 - image[at]! : image[at]!) / Math.abs(speed),
  );
  const slopes = speeds.map((speed, at) => speed * sign * gradient[at]!);
  const time = timeToRise(Math.abs(rise), ends, slopes);
  return speeds.map((speed, at) => (speed === 0 ? 0 : speed * Math.min(time, ends[at]!)));
}

/**
 * When a sum of slopes, each of which ends at its own time, has risen so far; infinite if it never has.
 *
 * The sum is concave and made of straight pieces, so that Newton's steps from 0 never go too far, and end.
 */
function timeToRise(rise: number, ends: Float64Array, slopes: Float64Array): number {
  for (let time = 0; ;) {
    const slope = slopes.reduce((sum, value, at) => (ends[at]! > time ? sum + value : sum), 0);
    if (slope === 0) return Infinity;
    const ended = slopes.reduce((sum, value, at) => (ends[at]! > time ? sum : sum + value * ends[at]!), 0);
    const next = (rise - ended) / slope;
    if (next <= time) return time;
    time = next;
  }
}
