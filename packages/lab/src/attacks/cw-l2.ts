import type { CwL2Parameters } from '@retort/contracts';
import { margin } from '../losses/margin.js';
import { ConstantSearch } from './constant-search.js';
import { defineAttack } from './define.js';
import type { Example } from './example.js';
import { NearestFound } from './nearest-found.js';
import { difference } from './norm.js';
import { euclideanLength } from './norm-ball.js';
import { TanhDescent } from './tanh-descent.js';
import type { Victim } from './victim.js';

/**
 * Carlini and Wagner's L2 attack: Adam on the squared distance plus c times the logit margin, in tanh space, with a
 * search for the smallest c that succeeds.
 *
 * Carlini and Wagner 2016, arXiv 1608.04644, with the loss f6, on logits. Each c starts again from the original image,
 * and the nearest adversarial image of all is kept. At most `steps` x `binary_search_steps` gradients an example; with
 * `abort_early` each example leaves a c by itself once its objective no longer falls. An image that fools already costs
 * a forward pass and stays, unless `confidence` asks for more.
 *
 * Parameters: `binary_search_steps` (9), `steps` (1000), `learning_rate` (0.01), `initial_constant` (0.001),
 * `confidence` (0), `abort_early` (true), `slack` of the tanh box (0.05), `target_offset` (0: untargeted).
 */
export const cwL2 = defineAttack({
  name: 'cw-l2',
  paper: 'Carlini and Wagner 2016, arXiv 1608.04644',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, parameters) {
    const nearest = new NearestFound(euclideanLength);
    const searching = parameters.confidence > 0 ? examples : await victim.unfooled(examples);
    const constants = new Map(searching.map((example) => [example, new ConstantSearch(parameters.initial_constant)]));
    for (let search = 0; search < parameters.binary_search_steps; search++) {
      const descents = searching.map((example) => new Descent(example, constants.get(example)!.value, parameters));
      await descend(victim, descents, nearest, parameters);
      for (const { example, succeeded } of descents) constants.get(example)!.turn(succeeded);
    }
    nearest.settle(examples);
  },
});

/** Brings every example down its objective, and offers each adversarial image on the way. */
async function descend(
  victim: Victim,
  descents: readonly Descent[],
  nearest: NearestFound,
  { steps, confidence, abort_early }: CwL2Parameters,
): Promise<void> {
  const patience = Math.ceil(steps / 10);
  let moving = [...descents];
  for (let step = 0; step < steps && moving.length > 0; step++) {
    for (const { example, path } of moving) example.image = path.image;
    const answers = await victim.ascents(
      moving.map(({ example }) => example),
      margin,
    );
    moving = moving.filter((descent, at) => {
      const { fooled, score, gradient } = answers[at]!;
      if (fooled && score >= confidence) {
        descent.succeeded = true;
        nearest.offer(descent.example);
      }
      descent.step(gradient, confidence - score);
      return !(abort_early && step % patience === 0 && descent.path.stalled());
    });
  }
}

/** One example on its way down one objective: its squared distance plus c times its shortfall of margin. */
class Descent {
  readonly example: Example;
  readonly path: TanhDescent;
  /** Whether some image on the way was adversarial with the confidence asked for. */
  succeeded = false;
  readonly #constant: number;

  constructor(example: Example, constant: number, { slack, learning_rate }: CwL2Parameters) {
    this.example = example;
    this.path = new TanhDescent(example.original, slack, learning_rate);
    this.#constant = constant;
  }

  /**
   * One step from the example's present image.
   *
   * @param ascent up the margin, by the pixels
   * @param shortfall how much margin is missing; 0 or less where there is enough
   */
  step(ascent: Float32Array, shortfall: number): void {
    const perturbation = difference(this.example.original, this.example.image);
    const pull = shortfall > 0 ? this.#constant : 0;
    const gradient = perturbation.map((value, at) => 2 * value - pull * ascent[at]!);
    this.path.step(euclideanLength(perturbation) ** 2 + pull * shortfall, gradient);
  }
}
