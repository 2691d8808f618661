/** The value of each grid axis that something depends on. */
export type Coordinates = Readonly<Record<string, unknown>>;

/** Whether every coordinate that the first fixes has the same value in the second. */
export function isWithin(one: Coordinates, another: Coordinates): boolean {
  return Object.keys(one).every((axis) => axis in another && sameValue(one[axis], another[axis]));
}

/** Whether two grid points agree on every axis that both fix. */
export function agrees(one: Coordinates, another: Coordinates): boolean {
  return Object.keys(one).every((axis) => !(axis in another) || sameValue(one[axis], another[axis]));
}

function sameValue(one: unknown, another: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(another);
}
