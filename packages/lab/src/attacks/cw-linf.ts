import type { CwLinfParameters } from '@retort/contracts';
import { margin } from '../losses/margin.js';
import { defineAttack } from './define.js';
import type { Example } from './example.js';
import { NearestFound } from './nearest-found.js';
import { difference, lengthIn } from './norm.js';
import { TanhDescent } from './tanh-descent.js';
import type { Answer } from './victim.js';

/**
 * Carlini and Wagner's Linf attack: Adam on c times the logit margin plus all that exceeds a limit tau, in tanh space;
 * tau is lowered after each success and c doubled after each failure.
 *
 * Carlini and Wagner 2016, arXiv 1608.04644, section VI.C, on logits. A descent begins where the last success ended, and
 * succeeds at the first adversarial image within tau; it fails after `steps` gradients, or once a tenth of them has
 * lowered its objective by less than 0.01 %. An example leaves when c or tau has reached its end, with the nearest
 * adversarial image of all; one that fools already costs a forward pass and stays.
 *
 * Parameters: `steps` (1000), `learning_rate` (0.005), `initial_constant` (1e-5), `largest_constant` (20),
 * `decrease_factor` of tau (0.9), `smallest_tau` (1/256), `slack` of the tanh box (0.05), `target_offset` (0:
 * untargeted).
 */
export const cwLinf = defineAttack({
  name: 'cw-linf',
  paper: 'Carlini and Wagner 2016, arXiv 1608.04644',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, parameters) {
    const nearest = new NearestFound(linf);
    let searches = (await victim.unfooled(examples)).map((example) => new LimitSearch(example, parameters));
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

/** One example on its way to ever lower limits. */
class LimitSearch {
  readonly example: Example;
  readonly #parameters: CwLinfParameters;
  #tau = 1;
  #constant: number;
  #start: Float32Array;
  #path: TanhDescent;
  #steps = 0;

  constructor(example: Example, parameters: CwLinfParameters) {
    this.example = example;
    this.#parameters = parameters;
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
    const { steps, decrease_factor, smallest_tau, largest_constant } = this.#parameters;
    const perturbation = difference(this.example.original, this.example.image);
    if (fooled && linf(perturbation) <= this.#tau) {
      this.#tau = decrease_factor * linf(perturbation);
      this.#start = this.example.image.slice();
      this.#path = this.#descent();
      return this.#tau >= smallest_tau;
    }
    this.#step(perturbation, gradient, score);
    const patience = Math.ceil(steps / 10);
    if (this.#steps < steps && !(this.#steps % patience === 0 && this.#path.stalled())) return true;
    this.#constant *= 2;
    this.#path = this.#descent();
    return this.#constant <= largest_constant;
  }

  #descent(): TanhDescent {
    this.#steps = 0;
    return new TanhDescent(this.#start, this.#parameters.slack, this.#parameters.learning_rate);
  }

  #step(perturbation: Float64Array, ascent: Float32Array, score: number): void {
    this.#steps++;
    const pull = score < 0 ? this.#constant : 0;
    const excess = perturbation.map((value) => Math.max(Math.abs(value) - this.#tau, 0));
    const gradient = perturbation.map((value, at) => (excess[at]! > 0 ? Math.sign(value) : 0) - pull * ascent[at]!);
    this.#path.step(excess.reduce((sum, value) => sum + value, 0) - pull * score, gradient);
  }
}

function linf(perturbation: Float64Array): number {
  return lengthIn('linf', perturbation);
}
