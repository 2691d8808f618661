import type { Assault } from './battery.js';

/** What an attack made of one example: all that an evaluation asks of it. */
export interface Blow {
  /** The class of the image that it left. */
  readonly predicted: number;
  /** How far that image lies from the original, in the norm of the threat. */
  readonly distance: number;
  /** The image, where it fools the classifier within the threat's radius. */
  readonly image: Float32Array | undefined;
  readonly gradients: number;
  readonly forwards: number;
  readonly noGradient: boolean;
}

/** The blows of each attack, by the place of the example in its dataset. Plain data, which `v8.serialize` keeps. */
export type BlowRecord = ReadonlyMap<string, ReadonlyMap<number, Blow>>;

/**
 * What the attacks of an evaluation have made of its examples.
 *
 * An attack treats each example alike, whatever others are beside it, so that what one run has found of an example holds
 * for every other run with the same seed: one that goes on after a kill, or one that merges what parts have found.
 */
export class Blows {
  readonly #record: Map<string, Map<number, Blow>>;

  /** @param records what is known already; of several, no two of one attack on one example */
  constructor(...records: readonly BlowRecord[]) {
    this.#record = new Map();
    for (const record of records) {
      for (const [assault, blows] of record) {
        const known = this.#record.get(assault) ?? new Map<number, Blow>();
        for (const [index, blow] of blows) known.set(index, blow);
        this.#record.set(assault, known);
      }
    }
  }

  /** Those of an attack, which may be added to. */
  of({ name, parameters }: Pick<Assault, 'name' | 'parameters'>): Map<number, Blow> {
    const key = `${name} ${JSON.stringify(parameters)}`;
    const known = this.#record.get(key) ?? new Map<number, Blow>();
    this.#record.set(key, known);
    return known;
  }

  /** A copy of all of them. */
  get record(): BlowRecord {
    return structuredClone(this.#record);
  }
}

/** What was found of all examples, from what was found of some each. */
export function mergeBlows(records: readonly BlowRecord[]): BlowRecord {
  return new Blows(...records).record;
}
