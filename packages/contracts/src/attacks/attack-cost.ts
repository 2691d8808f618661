import type { AttackChoice } from './attack-choice.js';
import type { AttackName, AttackParameters } from './index.js';

/** Classes whose gradients a Jacobian holds, where the net is not looked at. */
const CLASSES = 10;
/** Constants that Carlini and Wagner's searches double through, or pixels that they give up in turn, at a usual run. */
const ROUNDS = 10;
/** Pixels whose differences are taken one by one. */
const PIXELS = 784;

const costs: { readonly [Name in AttackName]: (parameters: AttackParameters[Name]) => number } = {
  fgsm: () => 1,
  bim: ({ steps }) => steps,
  'mi-fgsm': ({ steps }) => steps,
  pgd: ({ steps, restarts }) => steps * restarts,
  apgd: ({ steps, restarts }) => steps * restarts,
  'apgd-t': ({ steps, restarts, targets }) => steps * restarts * targets,
  square: ({ queries }) => queries,
  'random-noise': ({ tries }) => tries,
  'salt-and-pepper': ({ stages, tries }) => stages * tries,
  jsma: ({ maximum_features }) => CLASSES * maximum_features,
  'song-saliency': ({ maximum_pixels, score }) => maximum_pixels * (score === 'finite-difference' ? PIXELS : 1),
  deepfool: ({ steps, candidates }) => steps * Math.min(candidates, CLASSES),
  'cw-l2': ({ steps, binary_search_steps }) => steps * binary_search_steps,
  'cw-linf': ({ steps }) => steps * ROUNDS,
  'cw-l0': ({ steps }) => steps * ROUNDS,
  ead: ({ steps, binary_search_steps }) => steps * binary_search_steps,
  ddn: ({ steps }) => steps,
  fmn: ({ steps }) => steps,
  fab: ({ steps, restarts, candidates }) => steps * restarts * Math.min(candidates, CLASSES),
  'hop-skip-jump': ({ queries }) => queries,
  autoattack: ({ steps, targets, queries }) => steps * (1 + 2 * targets) + queries,
  'worst-case': ({ attacks }) => attacks.reduce((sum, choice) => sum + attackCost(choice), 0),
};

/**
 * About how many passes through the net an example costs at most that no image fools: for dividing work, not for a result.
 *
 * @param choice an attack of Retort's own, with all its parameters; no preset
 */
export function attackCost({ attack, parameters }: AttackChoice): number {
  return (costs[attack as AttackName] as (parameters: AttackChoice['parameters']) => number)(parameters);
}
