import type { MinimisedNorm } from '@retort/contracts';

/** Written over at each step: arrays made anew would cost more than what is done with them. */
let scratch = scratchFor(0);

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
  const pixels = gradient.length;
  const step = new Float64Array(pixels);
  if (scratch.ends.length !== pixels) scratch = scratchFor(pixels);
  const { ends, slopes } = scratch;
  for (let at = 0; at < pixels; at++) {
    const slope = sign * gradient[at]!;
    const speed = norm === 'l2' ? slope : Math.sign(slope);
    step[at] = speed;
    ends[at] = speed === 0 ? Infinity : (speed > 0 ? 1 - image[at]! : image[at]!) / Math.abs(speed);
    slopes[at] = speed * slope;
  }
  const time = timeToRise(Math.abs(rise), ends, slopes);
  for (let at = 0; at < pixels; at++) step[at] = step[at] === 0 ? 0 : step[at]! * Math.min(time, ends[at]!);
  return step;
}

/**
 * When a sum of slopes, each of which ends at its own time, has risen so far; infinite if it never has.
 *
 * The sum is concave and made of straight pieces, so that Newton's steps from 0 never go too far, and end.
 */
function timeToRise(rise: number, ends: Float64Array, slopes: Float64Array): number {
  for (let time = 0; ;) {
    let [slope, ended] = [0, 0];
    for (let at = 0; at < slopes.length; at++) {
      if (ends[at]! > time) slope += slopes[at]!;
      else ended += slopes[at]! * ends[at]!;
    }
    if (slope === 0) return Infinity;
    const next = (rise - ended) / slope;
    if (next <= time) return time;
    time = next;
  }
}

function scratchFor(pixels: number): { readonly ends: Float64Array; readonly slopes: Float64Array } {
  return { ends: new Float64Array(pixels), slopes: new Float64Array(pixels) };
}
