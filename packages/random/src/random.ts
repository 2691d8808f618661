import { createHash } from 'node:crypto';

/** The four 32-bit words of a generator, as a checkpoint stores them. */
export type RandomState = readonly [number, number, number, number];

/**
 * A seeded stream of random numbers: xoshiro128** (Blackman and Vigna, 2018, https://prng.di.unimi.it/xoshiro128starstar.c).
 *
 * Streams of one seed under different names are independent, so that asking one part of a program for more numbers
 * never changes what another part draws.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** A generator in exactly this state; at least one word must differ from zero. */
  constructor(state: RandomState) {
    if (state.every((word) => word >>> 0 === 0)) {
      throw new RangeError('xoshiro128** cannot start from a state of four zero words');
    }
    [this.#a, this.#b, this.#c, this.#d] = state;
  }

  /**
   * The stream called `name` of a seed.
   *
   * @param seed any integer that JavaScript represents exactly
   * @param name what the stream is for, such as `shuffle` or `dropout`
   */
  static stream(seed: number, name: string): Random {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed must be a safe integer, not ${seed}`);
    const digest = createHash('sha256').update(`${seed}/${name}`).digest();
    return new Random([0, 4, 8, 12].map((at) => digest.readUInt32LE(at)) as unknown as RandomState);
  }

  /** The present state, from which `new Random(state)` continues with the same numbers. */
  get state(): RandomState {
    return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#d >>> 0];
  }

  /** The next 32 random bits, as an unsigned integer. */
  uint32(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** A number in [0, 1), a multiple of 2^-24, so that float32 holds it exactly. */
  uniform(): number {
    return (this.uint32() >>> 8) * 2 ** -24;
  }

  /** A standard normal number (Box and Muller, 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log((this.uint32() + 1) * 2 ** -32));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** An integer in [0, bound), without bias; `bound` is from 1 to 2^32. */
  below(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const draw = this.uint32();
      if (draw < limit) return draw % bound;
    }
  }

  /** The integers 0 to length - 1 in random order (Fisher and Yates). */
  permutation(length: number): Uint32Array {
    const order = Uint32Array.from({ length }, (_, index) => index);
    for (let last = length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    return order;
  }
}
