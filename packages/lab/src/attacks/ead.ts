import type { EadParameters } from '@retort/contracts';
import { margin } from '../losses/margin.js';
import { searchConstants, type ConstantSearch } from './constant-search.js';
import { defineAttack } from './define.js';
import type { Example } from './example.js';
import type { Journal } from './journal.js';
import { NearestFound } from './nearest-found.js';
import { dualLengthIn } from './norm.js';
import { euclideanLength } from './norm-ball.js';
import type { Victim } from './victim.js';

/**
 * The elastic-net attack: iterative shrinkage and thresholding (FISTA) on the squared L2 plus beta times the L1 distance
 * plus c times the logit margin, with a search for the smallest c that succeeds.
 *
 * Chen et al. 2017, arXiv 1709.04114, on logits. Each c starts again from the original image, and takes `steps`
 * gradients, each at the extrapolated image, and as many forward passes, each at the shrunk one; the nearest adversarial
 * image of all is kept, as a last forward pass confirms it. It differs from the paper where the extrapolated image would leave the box: it is clipped. An
 * image that fools already costs a forward pass and stays, unless `confidence` asks for more.
 */
export const ead = defineAttack({
  name: 'ead',
  paper: 'Chen et al. 2017, arXiv 1709.04114',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, parameters, journal) {
    const { beta, decision } = parameters;
    const l1 = (perturbation: Float64Array) => dualLengthIn('linf', perturbation);
    const elasticNet = (perturbation: Float64Array) => euclideanLength(perturbation) ** 2 + beta * l1(perturbation);
    const nearest = await NearestFound.in(journal, decision === 'l1' ? l1 : elasticNet);
    await searchConstants(victim, examples, parameters, journal, (constants, search) =>
      shrink(victim, constants, nearest, parameters, search),
    );
    await nearest.settle(victim, examples, journal);
  },
});

/**
 * Brings every example down its objective, and offers each adversarial image on the way.
 *
 * @returns the examples that had one
 */
async function shrink(
  victim: Victim,
  constants: ReadonlyMap<Example, ConstantSearch>,
  nearest: NearestFound,
  { beta, steps, learning_rate, confidence }: EadParameters,
  journal: Journal,
): Promise<ReadonlySet<Example>> {
  const examples = [...constants.keys()];
  const originals = () => new Map(examples.map((example) => [example, example.original]));
  const succeeded = await journal.once('succeeded', () => new Set<Example>());
  const shrunk = await journal.once('shrunk', originals);
  const extrapolated = await journal.once('extrapolated', originals);
  for (const step = journal.loop('step'); step.at < steps; await step.next()) {
    const length = learning_rate * Math.sqrt(1 - step.at / steps);
    const momentum = step.at / (step.at + 3);
    for (const example of examples) example.image = extrapolated.get(example)!;
    for (const { example, score, gradient } of await victim.ascents(examples, margin)) {
      const { original, image } = example;
      const pull = score < confidence ? constants.get(example)!.value : 0;
      const previous = shrunk.get(example)!;
      const next = new Float32Array(original.length);
      const further = new Float32Array(original.length);
      for (let at = 0; at < next.length; at++) {
        const perturbation = image[at]! - original[at]!;
        const descended = perturbation - length * (2 * perturbation - pull * gradient[at]!);
        next[at] = clip(original[at]! + threshold(descended, beta));
        further[at] = clip(next[at]! + momentum * (next[at]! - previous[at]!));
      }
      shrunk.set(example, next);
      extrapolated.set(example, further);
      example.image = next;
    }
    for (const { example, fooled, score } of await victim.scores(examples, margin)) {
      if (!fooled || score < confidence) continue;
      succeeded.add(example);
      nearest.offer(example);
    }
  }
  return succeeded;
}

/** Brought nearer to 0 by `beta`, and no further than 0. */
function threshold(value: number, beta: number): number {
  return Math.sign(value) * Math.max(Math.abs(value) - beta, 0);
}

function clip(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
