import type { Example } from './example.js';
import { difference } from './norm.js';

/** The nearest adversarial image that a minimum-norm attack has found of each example: what it is never worse than. */
export class NearestFound {
  readonly #length: (perturbation: Float64Array) => number;
  readonly #found = new Map<Example, { readonly image: Float32Array; readonly distance: number }>();

  /** @param length how a perturbation is measured */
  constructor(length: (perturbation: Float64Array) => number) {
    this.#length = length;
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
