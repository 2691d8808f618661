/** Positions of a window, along one axis, at which the same taps lie within the images. */
export interface Stretch {
  /** The first of them, and how many there are. */
  readonly first: number;
  readonly positions: number;
  /** The first of those taps, how many there are, and the pixel that the first tap sees from the first position. */
  readonly tap: number;
  readonly taps: number;
  readonly pixel: number;
}

/** Cuts the positions of a window along one axis where other taps come to lie within the images. */
export function stretches(positions: number, stride: number, before: number, taps: number, pixels: number): Stretch[] {
  const cut: Stretch[] = [];
  const within = (position: number): [tap: number, taps: number] => {
    const start = position * stride - before;
    const tap = Math.min(Math.max(0, -start), taps);
    return [tap, Math.max(0, Math.min(taps, pixels - start) - tap)];
  };
  // Between these, all taps lie within.
  const whole = Math.max(0, Math.ceil(before / stride));
  const end = Math.min(positions, Math.floor((pixels + before - taps) / stride) + 1);
  for (let first = 0; first < positions;) {
    const [tap, inside] = within(first);
    let next = first === whole && end > whole ? end : first + 1;
    while (next < positions && within(next).join() === `${tap},${inside}`) next++;
    // Where no tap lies within, nothing is read.
    const pixel = inside > 0 ? first * stride - before + tap : 0;
    cut.push({ first, positions: next - first, tap, taps: inside, pixel });
    first = next;
  }
  return cut;
}

/** Taps of a window, along one axis, that lie within the images at the same positions. */
export interface Taps {
  /** The first of them, and how many there are. */
  readonly tap: number;
  readonly taps: number;
  /** The first of those positions, how many there are, and the pixel that the first tap sees from the first of them. */
  readonly first: number;
  readonly positions: number;
  readonly pixel: number;
}

/** Cuts the taps of a window along one axis where they come to lie within the images at other positions. */
export function tapsWithin(positions: number, stride: number, before: number, taps: number, pixels: number): Taps[] {
  const cut: Taps[] = [];
  for (let tap = 0; tap < taps; tap++) {
    const first = Math.max(0, Math.ceil((before - tap) / stride));
    const end = Math.min(positions, Math.floor((pixels - 1 + before - tap) / stride) + 1);
    if (end <= first) continue;
    const last = cut.at(-1);
    if (last?.first === first && last.positions === end - first) cut[cut.length - 1] = { ...last, taps: last.taps + 1 };
    else cut.push({ tap, taps: 1, first, positions: end - first, pixel: first * stride - before + tap });
  }
  return cut;
}
