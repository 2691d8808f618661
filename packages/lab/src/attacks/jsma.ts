import { div, softmax, type Tensor2D } from '@tensorflow/tfjs-core';
import { defineAttack } from './define.js';
import type { Example } from './example.js';
import { salientPair, salientPixel } from './saliency-map.js';

/** How near the end of the box counts as there, as in the authors' code (cleverhans): a move so short spends the budget on nothing. */
const AT_END = 0.01;

/**
 * The Jacobian-based saliency map attack: moves, two at a time, the pixels that most raise the target's output while
 * lowering the others'.
 *
 * Papernot et al. 2015, arXiv 1511.07528. Targeted. A step costs one forward pass and two gradients drawn from it
 * (the target's output, and the sum of the others); at most `maximum_features` steps, or half as many pairs. An example leaves at success, when its moves are
 * spent, or when no pixel favours the target; a map that is zero chooses nothing. With `theta` below 1 a pixel can be
 * moved, and counts, more than once.
 *
 * With `saliency` `softmax` (JSMA-F) the map vanishes with the probabilities; at `temperature` T, or on `logits`
 * (JSMA-Z), it does not (Carlini and Wagner 2016, arXiv 1607.04311).
 */
export const jsma = defineAttack({
  name: 'jsma',
  paper: 'Papernot et al. 2015, arXiv 1511.07528',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, parameters, journal) {
    const { maximum_features, theta, direction, search, saliency, temperature } = parameters;
    const sign = direction === 'increase' ? 1 : -1;
    const [choose, perStep] = search === 'pairs' ? [salientPair, 2] : [salientPixel, 1];
    const output = saliency === 'softmax' ? probabilitiesAt(temperature) : undefined;
    const classes = Array.from({ length: victim.classes }, (_, index) => index);
    const targetAlone = ({ target }: Example) => classes.map((index) => (index === target ? 1 : 0));
    const allOthers = ({ target }: Example) => classes.map((index) => (index === target ? 0 : 1));

    const searching = await journal.once('searching', () => new Set(examples));
    const steps = Math.floor(maximum_features / perStep);
    for (const step = journal.loop('step'); step.at < steps; await step.next()) {
      const linearised = await victim.jacobians(
        [...searching],
        ({ example, fooled }) => (fooled ? [] : [targetAlone(example), allOthers(example)]),
        output,
      );
      searching.clear();
      for (const { example, gradients } of linearised) {
        const [target, others] = gradients;
        if (!target || !others) continue;
        const chosen = choose({
          target: target.map((value) => sign * value),
          others: others.map((value) => sign * value),
          free: movable(example.image, sign),
        });
        for (const pixel of chosen) {
          example.image[pixel] = Math.min(Math.max(example.image[pixel]! + sign * theta, 0), 1);
        }
        if (chosen.length > 0) searching.add(example);
      }
    }
  },
});

function probabilitiesAt(temperature: number): (logits: Tensor2D) => Tensor2D {
  return (logits) => softmax(div<Tensor2D>(logits, temperature));
}

/** The pixels that are not yet at the end of the box towards which they are moved. */
function movable(image: Float32Array, sign: number): number[] {
  const end = sign > 0 ? 1 : 0;
  const pixels: number[] = [];
  for (let pixel = 0; pixel < image.length; pixel++) if (Math.abs(end - image[pixel]!) > AT_END) pixels.push(pixel);
  return pixels;
}
