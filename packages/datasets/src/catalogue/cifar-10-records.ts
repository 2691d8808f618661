import type { RawSet } from '../raw-dataset.js';

/** Pixels of an image. */
export const POSITIONS = 32 * 32;
export const CHANNELS = 3;
/** A record of the binary version is the class, and then the planes of red, green and blue. */
const RECORD = 1 + CHANNELS * POSITIONS;

/** The images of some files of the binary version, their channels innermost, with their classes. */
export function readRecords(batches: readonly Uint8Array[]): RawSet {
  const count = batches.reduce((sum, { length }) => sum + length / RECORD, 0);
  const labels = new Uint8Array(count);
  const values = new Uint8Array(count * POSITIONS * CHANNELS);
  let image = 0;
  for (const batch of batches) {
    for (let start = 0; start < batch.length; start += RECORD, image++) {
      labels[image] = batch[start]!;
      forEachValue((planar, innermost) => {
        values[image * POSITIONS * CHANNELS + innermost] = batch[start + 1 + planar]!;
      });
    }
  }
  return { images: { shape: [count, 32, 32, CHANNELS], values }, labels };
}

/** The records of the binary version from images whose channels are innermost. */
export function writeRecords(pixels: ArrayLike<number>, labels: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(labels.length * RECORD);
  labels.forEach((label, image) => {
    bytes[image * RECORD] = label;
    forEachValue((planar, innermost) => {
      bytes[image * RECORD + 1 + planar] = pixels[image * POSITIONS * CHANNELS + innermost]!;
    });
  });
  return bytes;
}

/** Each value of an image, by its place in planes and its place with the channels innermost. */
function forEachValue(visit: (planar: number, innermost: number) => void): void {
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let position = 0; position < POSITIONS; position++) {
      visit(channel * POSITIONS + position, position * CHANNELS + channel);
    }
  }
}
