import type { Initialisation } from '@retort/contracts';
import { Random } from '@retort/random';
import { size, type ParameterPlan } from './plan.js';

/** Draws one initial weight. */
type Draw = (random: Random, plan: ParameterPlan) => number;

const draws: Readonly<Record<Initialisation['name'], Draw>> = {
  /** Uniform within ±√(6 / (fan in + fan out)): Glorot and Bengio 2010, equation 16. */
  'glorot-uniform': (random, { fanIn, fanOut }) => (2 * random.uniform() - 1) * Math.sqrt(6 / (fanIn + fanOut)),
  /** Normal with variance 2 / fan in: He et al. 2015 (arXiv 1502.01852), equation 10. */
  'he-normal': (random, { fanIn }) => random.normal() * Math.sqrt(2 / fanIn),
};

/**
 * The weights of one parameter before the first step: zeros for a bias, random numbers for a kernel.
 *
 * Each parameter has a stream of its own, so that its numbers do not depend on what the rest of the net looks like.
 *
 * @param scale multiplies them, beside the gain of the plan
 */
export function initialWeights(
  plan: ParameterPlan,
  name: Initialisation['name'],
  { seed, scale = 1 }: { seed: number; scale?: number },
): Float32Array {
  const weights = new Float32Array(size(plan.shape));
  if (plan.name.endsWith('/bias')) return weights;
  const random = Random.stream(seed, `initialise/${plan.name}`);
  const factor = scale * (plan.gain ?? 1);
  return weights.map(() => factor * draws[name](random, plan));
}
