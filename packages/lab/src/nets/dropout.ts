import type { Random } from '@retort/random';

/** What training drops: each unit with the chance `rate` in [0, 1), by the numbers of `random`. */
export interface Dropout {
  readonly rate: number;
  readonly random: Random;
}

/**
 * A mask that multiplies units: 0 for those dropped, 1 / (1 - rate) for the others, so that sums keep their mean
 * (Srivastava et al. 2014, section 10, "inverted" dropout).
 */
export function dropoutMask(length: number, { rate, random }: Dropout): Float32Array {
  const mask = new Float32Array(length);
  const dropped = rate * 2 ** 32;
  const kept = 1 / (1 - rate);
  for (let unit = 0; unit < length; unit++) mask[unit] = random.uint32() < dropped ? 0 : kept;
  return mask;
}
