import { Type, type Static } from 'typebox';

/** What became of each example, so that attacks and nets can be compared example by example. */
export const ExampleRecord = Type.Object(
  {
    test: Type.Integer({ description: 'Images in the test split: the bits of each set.' }),
    attacked: Type.String({ description: 'The images that were attacked.' }),
    succeeded: Type.String({ description: 'Those of them on which the attack succeeded.' }),
    correct: Type.String({ description: 'Those of them that still get their label after the attack.' }),
  },
  { description: 'Sets of positions in the test split: base64, the first image in the lowest bit of the first byte.' },
);
export type ExampleRecord = Static<typeof ExampleRecord>;

/**
 * A set of positions as base64, the first position in the lowest bit of the first byte.
 *
 * @param positions whole numbers from 0 to `size` - 1
 * @throws RangeError for a position outside the set
 */
export function encodePositions(positions: readonly number[], size: number): string {
  const bytes = new Uint8Array(Math.ceil(size / 8));
  for (const position of positions) {
    if (!(Number.isInteger(position) && position >= 0 && position < size)) {
      throw new RangeError(`position ${position} is not one of the ${size} from 0`);
    }
    bytes[position >> 3]! |= 1 << (position & 7);
  }
  return btoa(String.fromCharCode(...bytes));
}

/** The positions in such a set, in rising order. */
export function decodePositions(set: string): number[] {
  return Array.from(atob(set), (byte) => byte.charCodeAt(0)).flatMap((byte, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => byte & (1 << bit)).map((bit) => 8 * at + bit),
  );
}
