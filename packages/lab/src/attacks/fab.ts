import type { FabParameters } from '@retort/contracts';
import { boxedStep } from './boxed-step.js';
import { nearestBoundaries, rivalsOf, type ClassBoundary } from './class-boundary.js';
import { clip } from './clip.js';
import { defineAttack } from './define.js';
import { randomOf, type Example } from './example.js';
import { searchLines } from './final-search.js';
import type { Journal } from './journal.js';
import { NearestFound } from './nearest-found.js';
import { dualLengthIn, lengthIn } from './norm.js';
import { normBall } from './norm-ball.js';
import type { Victim } from './victim.js';

/**
 * The fast adaptive boundary attack: steps onto the linearised boundary, drawn towards the point of that boundary that
 * is nearest the original image, and turns back whenever it has crossed.
 *
 * Croce and Hein 2019, arXiv 1907.02044. Untargeted. A step costs two forward passes, and a gradient for each candidate class
 * drawn from the first; with `boundaries` `each` (FAB-T) every candidate has runs of its own, of one gradient a step. The nearest
 * adversarial image of all runs is kept, and searched for a nearer one on the line back to the original, by bisection;
 * a last forward pass confirms it.
 * An example leaves a run where no candidate has a gradient; one that fools already costs one forward pass and stays.
 */
export const fab = defineAttack({
  name: 'fab',
  paper: 'Croce and Hein 2019, arXiv 1907.02044',
  async perturb(victim, examples, parameters, journal) {
    const { norm, restarts, restart_radius, boundaries, candidates, final_search_steps } = parameters;
    const nearest = await NearestFound.in(journal, (perturbation) => lengthIn(norm, perturbation));
    const rivals = await journal.once('rivals', async () => {
      const unfooled = (await victim.readings(examples)).filter(({ fooled }) => !fooled);
      return new Map(unfooled.map((reading) => [reading.example, rivalsOf(reading).slice(0, candidates)]));
    });
    const searching = [...rivals.keys()];
    const runs = boundaries === 'each' ? Math.min(candidates, victim.classes - 1) : 1;
    for (const run = journal.loop('run'); run.at < runs; await run.next()) {
      const aims = (example: Example) =>
        boundaries === 'each' ? [rivals.get(example)![run.at]!] : rivals.get(example)!;
      for (const restart = run.loop('restart'); restart.at < restarts; await restart.next()) {
        await restart.once('start', () => {
          for (const example of searching) {
            const ball = normBall(norm, restart.at === 0 ? 0 : Math.min(nearest.distance(example), restart_radius) / 2);
            const start = ball.sample(example.original.length, randomOf(example, `${run.at}/${restart.at}`));
            example.image = ball.project(example.original, example.original, start);
          }
        });
        await follow(victim, searching, aims, nearest, parameters, restart);
      }
    }
    await searchLines(victim, searching, nearest, final_search_steps, journal);
    await nearest.settle(victim, searching, journal);
  },
});

/** One run of every example along the boundaries of its rivals. */
async function follow(
  victim: Victim,
  examples: readonly Example[],
  rivals: (example: Example) => readonly number[],
  nearest: NearestFound,
  parameters: FabParameters,
  journal: Journal,
): Promise<void> {
  const { norm, steps, beta } = parameters;
  const searching = await journal.once('searching', () => new Set(examples));
  for (const step = journal.loop('step'); step.at < steps && searching.size > 0; await step.next()) {
    const dualLength = (gradient: Float32Array) => dualLengthIn(norm, gradient);
    const boundaries = await nearestBoundaries(victim, [...searching], ({ example }) => rivals(example), dualLength);
    searching.clear();
    for (const boundary of boundaries) {
      stepOnto(boundary, parameters);
      searching.add(boundary.example);
    }
    for (const example of await victim.fooled([...searching])) {
      nearest.offer(example);
      turnBack(example, beta);
    }
  }
}

/** Moves an example's image beyond the boundary by eta, between its projection and that of the original. */
function stepOnto({ example, gap, gradient }: ClassBoundary, { norm, alpha_max, eta }: FabParameters): void {
  const { original, image } = example;
  let gapAtOriginal = gap;
  for (let at = 0; at < image.length; at++) gapAtOriginal -= (original[at]! - image[at]!) * gradient[at]!;
  const fromImage = boxedStep(norm, image, gradient, gap);
  const fromOriginal = boxedStep(norm, original, gradient, gapAtOriginal);
  const [length, lengthFromOriginal] = [lengthIn(norm, fromImage), lengthIn(norm, fromOriginal)];
  const alpha = length === 0 ? 0 : Math.min(length / (length + lengthFromOriginal), alpha_max);
  for (let at = 0; at < image.length; at++) {
    const onward = image[at]! + eta * fromImage[at]!;
    const anew = original[at]! + eta * fromOriginal[at]!;
    image[at] = clip((1 - alpha) * onward + alpha * anew, 0, 1);
  }
}

/** Leaves of an example's perturbation only a share. */
function turnBack({ original, image }: Example, share: number): void {
  for (let at = 0; at < image.length; at++) image[at] = original[at]! + share * (image[at]! - original[at]!);
}
