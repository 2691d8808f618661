import type { Example } from './example.js';
import type { Journal } from './journal.js';
import { difference } from './norm.js';
import type { Victim } from './victim.js';

/** How often a perturbation is lengthened, fourfold each time: to 1.6 % at last. */
const TRIALS = 8;

/** An adversarial image, and how far it is. */
interface Found {
  readonly image: Float32Array;
  readonly distance: number;
}

/** The nearest adversarial image that a minimum-norm attack has found of each example: what it is never worse than. */
export class NearestFound {
  readonly #length: (perturbation: Float64Array) => number;
  readonly #found: Map<Example, Found>;
  /** Written over for each image that is offered, of which there are many. */
  #perturbation = new Float64Array(0);

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
    const { original, image } = example;
    if (this.#perturbation.length !== image.length) this.#perturbation = new Float64Array(image.length);
    const distance = this.#length(difference(original, image, this.#perturbation));
    if (distance < this.distance(example)) this.#found.set(example, { image: image.slice(), distance });
  }

  /** How far the nearest image is; infinite where none is known. */
  distance(example: Example): number {
    return this.#found.get(example)?.distance ?? Infinity;
  }

  /** The nearest image, if any is known. */
  image(example: Example): Float32Array | undefined {
    return this.#found.get(example)?.image;
  }

  /**
   * Sets each example to its nearest image; one that was never fooled stays as it is.
   *
   * The nearest images lie so close to the boundary that the forward pass of a gradient may say one class and a forward
   * pass alone, which rounds otherwise, another. So one such pass confirms them; a perturbation that it does not confirm
   * is lengthened, by a millionth first, until one does.
   */
  async settle(victim: Victim, examples: readonly Example[], journal: Journal): Promise<void> {
    const doubtful = await journal.once('doubtful', async () => {
      const found = examples.filter((example) => this.#found.has(example));
      for (const example of found) example.image = this.image(example)!.slice();
      return new Set(await victim.unfooled(found));
    });
    for (const trial = journal.loop('lengthening'); trial.at < TRIALS && doubtful.size > 0; await trial.next()) {
      for (const example of doubtful) {
        const perturbation = difference(example.original, this.image(example)!);
        const share = 1 + 1e-6 * 4 ** trial.at;
        example.image = example.original.map((pixel, at) =>
          Math.min(Math.max(pixel + share * perturbation[at]!, 0), 1),
        );
      }
      for (const example of await victim.fooled([...doubtful])) doubtful.delete(example);
    }
  }
}
