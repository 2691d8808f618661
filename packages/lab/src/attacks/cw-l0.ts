import type { CwL0Parameters } from '@retort/contracts';
import { margin } from '../losses/margin.js';
import { defineAttack } from './define.js';
import type { Example } from './example.js';
import { NearestFound } from './nearest-found.js';
import { difference } from './norm.js';
import { euclideanLength } from './norm-ball.js';
import { TanhDescent } from './tanh-descent.js';
import type { Answer } from './victim.js';

/** How many pixel values a success freezes of those that it changed, times the root of their number: the authors' code's. */
const FROZEN_PER_ROOT = 0.3;

/**
 * Carlini and Wagner's L0 attack: their L2 objective over a set of free pixel values, from which each success takes
 * those that matter least, until no constant c succeeds with what is left.
 *
 * Carlini and Wagner 2016, arXiv 1608.04644, section VI.A, on logits. A descent begins where the last success ended, and
 * succeeds at its first adversarial image: all values that it has not changed are frozen, and those with the smallest
 * gradient times change, 0.3 times the root of their number at a time as in the authors' code. It fails after `steps`
 * gradients, or once a tenth of them has lowered its objective by less than 0.01 %; then c is doubled. Every channel of
 * a pixel counts as a value. The adversarial image with the fewest changes is kept; one that fools already costs a
 * forward pass and stays.
 *
 * Parameters: `steps` (1000), `learning_rate` (0.01), `initial_constant` (0.001), `largest_constant` (2e6), `slack` of
 * the tanh box (0.05), `target_offset` (0: untargeted).
 */
export const cwL0 = defineAttack({
  name: 'cw-l0',
  paper: 'Carlini and Wagner 2016, arXiv 1608.04644',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, parameters) {
    const nearest = new NearestFound(changes);
    let searches = (await victim.unfooled(examples)).map((example) => new FreeValueSearch(example, parameters));
    while (searches.length > 0) {
      for (const search of searches) search.example.image = search.image;
      const answers = await victim.ascents(
        searches.map(({ example }) => example),
        margin,
      );
      for (const { example, fooled } of answers) if (fooled) nearest.offer(example);
      searches = searches.filter((search, at) => search.learn(answers[at]!));
    }
    nearest.settle(examples);
  },
});

/** One example on its way to ever fewer free pixel values. */
class FreeValueSearch {
  readonly example: Example;
  readonly #parameters: CwL0Parameters;
  readonly #free: Set<number>;
  #constant: number;
  #start: Float32Array;
  #path: TanhDescent;
  #steps = 0;

  constructor(example: Example, parameters: CwL0Parameters) {
    this.example = example;
    this.#parameters = parameters;
    this.#free = new Set(example.original.keys());
    this.#constant = parameters.initial_constant;
    this.#start = example.original;
    this.#path = this.#descent();
  }

  /** The image to be tried. */
  get image(): Float32Array {
    return this.#path.image;
  }

  /**
   * Turns to the next image, after what was said of this one.
   *
   * @returns whether the search goes on
   */
  learn({ fooled, score, gradient }: Answer & { readonly score: number }): boolean {
    const { steps, largest_constant } = this.#parameters;
    const perturbation = difference(this.example.original, this.example.image);
    if (fooled) {
      this.#freeze(perturbation, gradient);
      this.#path = this.#descent();
      return this.#free.size > 0;
    }
    this.#step(perturbation, gradient, score);
    const patience = Math.ceil(steps / 10);
    if (this.#steps < steps && !(this.#steps % patience === 0 && this.#path.stalled())) return true;
    this.#constant *= 2;
    this.#path = this.#descent();
    return this.#constant <= largest_constant;
  }

  /** Takes from the free values those that have not changed, and of the others those that matter least. */
  #freeze(perturbation: Float64Array, gradient: Float32Array): void {
    const { original, image } = this.example;
    for (const at of [...this.#free]) if (perturbation[at] === 0) this.#free.delete(at);
    const weight = (at: number) => Math.abs(perturbation[at]! * gradient[at]!);
    const byWeight = [...this.#free].sort((first, second) => weight(first) - weight(second));
    const count = Math.ceil(FROZEN_PER_ROOT * Math.sqrt(byWeight.length));
    for (const at of byWeight.slice(0, count)) this.#free.delete(at);
    this.#start = original.map((pixel, at) => (this.#free.has(at) ? image[at]! : pixel));
  }

  #descent(): TanhDescent {
    this.#steps = 0;
    return new TanhDescent(this.#start, this.#parameters.slack, this.#parameters.learning_rate);
  }

  #step(perturbation: Float64Array, ascent: Float32Array, score: number): void {
    this.#steps++;
    const gradient = perturbation.map((value, at) =>
      this.#free.has(at) ? 2 * value - this.#constant * ascent[at]! : 0,
    );
    this.#path.step(euclideanLength(perturbation) ** 2 - this.#constant * score, gradient);
  }
}

function changes(perturbation: Float64Array): number {
  return perturbation.filter((value) => value !== 0).length;
}
