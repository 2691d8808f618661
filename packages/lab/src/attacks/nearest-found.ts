import type { Example } from './example.js';
import type { Journal } from './journal.js';
import { difference } from './norm.js';

/** An adversarial image, and how far it is. */
interface Found {
  readonly image: Float32Array;
  readonly distance: number;
}

/** The nearest adversarial image that a minimum-norm attack has found of each example: what it is never worse than. */
export class NearestFound {
  readonly #length: (perturbation: Float64Array) => number;
  readonly #found: Map<Example, Found>;

  private constructor(length: (perturbation: Float64Array) => number, found: Map<Example, Found>) {
    this.#length = length;
    this.#found = found;
  }

  /**
   * What a journal has been told of so far.
   *
   * @param length how a perturbation is measured
   */
  static async in(journal: Journal, length: (perturbation: Float64Array) => number): Promise<NearestFound> {
    return new NearestFound(length, await journal.once('nearest', () => new Map<Example, Found>()));
  }

  /** Keeps the present image of an example, which is adversarial, unless one as near is known. */
  offer(example: Example): void {
    const distance = this.#length(difference(example.original, example.image));
    if (distance < this.distance(example)) this.#found.set(example, { image: example.image.slice(), distance });
  }

  /** How far the nearest image is; infinite where none is known. */
  distance(example: Example): number {
    return this.#found.get(example)?.distance ?? Infinity;
  }

  /** The nearest image, if any is known. */
  image(example: Example): Float32Array | undefined {
    return this.#found.get(example)?.image;
  }

  /** Sets each example to its nearest image; one that was never fooled stays as it is. */
  settle(examples: readonly Example[]): void {
    for (const example of examples) example.image = this.image(example)?.slice() ?? example.image;
  }
}
