import type { Rate } from '@retort/contracts';

/** A rate in words: `15.5 % [11.1, 21.2], 31 of 200`. */
export function inWords({ rate, low, high, count, of }: Rate): string {
  return `${percent(rate)} % [${percent(low)}, ${percent(high)}], ${count} of ${of}`;
}

/** A share as a percentage with one decimal. */
export function percent(share: number): string {
  return (100 * share).toFixed(1);
}

/** A number with that many significant digits, without trailing zeros. */
export function digits(value: number, significant = 3): string {
  return String(Number(value.toPrecision(significant)));
}

/** A count with its noun in the singular or plural: `1 example`, `3 examples`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
