import { Type, type Static } from 'typebox';

/**
 * A number on the wire: JSON's own, or one of the strings `NaN`, `Infinity` and `-Infinity`, which JSON lacks.
 *
 * Magnitudes below the range of a double, such as a gradient of 1e-400, travel as their log10.
 */
export const JsonNumber = Type.Union([
  Type.Number(),
  Type.Literal('NaN'),
  Type.Literal('Infinity'),
  Type.Literal('-Infinity'),
]);
export type JsonNumber = Static<typeof JsonNumber>;

/** A number in the form in which it travels. */
export function toJsonNumber(value: number): JsonNumber {
  return Number.isFinite(value) ? value : (String(value) as JsonNumber);
}

/** The number that travelled in that form. */
export function fromJsonNumber(value: JsonNumber): number {
  return Number(value);
}
