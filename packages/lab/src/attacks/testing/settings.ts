import { attackParameters, type AttackName } from '@retort/contracts';
import { attacks } from '../attacks.js';

export type Parameters = Record<string, unknown>;

const members = [
  { attack: 'random-noise', parameters: { epsilon: 0.05, tries: 2 } },
  { attack: 'pgd', parameters: { epsilon: 0.03, steps: 3, step_size: 0.01 } },
  { attack: 'fmn', parameters: { steps: 4, final_search_steps: 1 } },
];

/**
 * Short runs of every attack, for what must hold of every run: between them they take each way through its code, and
 * some fool some examples and fail on others.
 */
const shortRuns: { readonly [Name in AttackName]: readonly Parameters[] } = {
  fgsm: [{ epsilon: 0.1 }, { epsilon: 0.1, temperature: 20 }, { epsilon: 0.1, loss: 'margin' }],
  pgd: [
    { epsilon: 0.08, step_size: 0.02, steps: 7 },
    { epsilon: 0.05, step_size: 0.02, steps: 5, restarts: 3, loss: 'margin' },
    { epsilon: 0.3, step_size: 0.1, steps: 6, restarts: 2, norm: 'l2', random_start: false },
    { epsilon: 0.3, step_size: 0.1, steps: 6, norm: 'l2', target_offset: 1, temperature: 5 },
  ],
  bim: [
    { epsilon: 0.08, step_size: 0.02, steps: 5 },
    { epsilon: 0.08, step_size: 0.02, steps: 5, target_offset: 1, loss: 'dlr' },
  ],
  'mi-fgsm': [
    { epsilon: 0.08, steps: 5 },
    { epsilon: 0.3, steps: 5, norm: 'l2', decay: 0.9, loss: 'dlr' },
  ],
  apgd: [
    { epsilon: 0.05, steps: 9, restarts: 2 },
    { epsilon: 0.2, steps: 9, norm: 'l2', loss: 'dlr' },
    { epsilon: 0.05, steps: 9, target_offset: 1, loss: 'margin' },
  ],
  'apgd-t': [
    { epsilon: 0.05, steps: 6, targets: 2 },
    { epsilon: 0.2, steps: 6, targets: 2, norm: 'l2' },
  ],
  square: [
    { epsilon: 0.05, queries: 15 },
    { epsilon: 0.2, queries: 15, norm: 'l2', target_offset: 1 },
  ],
  'random-noise': [
    { epsilon: 0.05, tries: 5 },
    { epsilon: 0.2, tries: 5, norm: 'l2' },
  ],
  'salt-and-pepper': [{ maximum_pixels: 3, stages: 2, tries: 2 }],
  jsma: [
    { maximum_features: 6 },
    { maximum_features: 5, search: 'single', saliency: 'logits', theta: 0.3 },
    { maximum_features: 6, direction: 'decrease', temperature: 10 },
  ],
  'song-saliency': [
    { maximum_pixels: 9 },
    { maximum_pixels: 9, score: 'gradient-exact', temperature: 3 },
    { maximum_pixels: 9, score: 'finite-difference', loss: 'margin' },
  ],
  deepfool: [{ steps: 6 }, { steps: 6, norm: 'linf', candidates: 2 }],
  'cw-l2': [
    { steps: 8, binary_search_steps: 3, initial_constant: 1, learning_rate: 0.1 },
    { steps: 8, binary_search_steps: 3, learning_rate: 0.1, confidence: 0.2, target_offset: 1 },
  ],
  'cw-linf': [
    { steps: 6, initial_constant: 1, learning_rate: 0.1, smallest_tau: 0.05 },
    { steps: 6, initial_constant: 1, learning_rate: 0.1, smallest_tau: 0.05, target_offset: 1 },
  ],
  'cw-l0': [
    { steps: 6, initial_constant: 1, largest_constant: 100, learning_rate: 0.1 },
    { steps: 6, initial_constant: 1, largest_constant: 100, learning_rate: 0.1, target_offset: 1 },
  ],
  ead: [
    { steps: 8, binary_search_steps: 3, initial_constant: 1, learning_rate: 0.05 },
    { steps: 8, binary_search_steps: 3, learning_rate: 0.05, confidence: 0.2, target_offset: 1 },
  ],
  ddn: [
    { steps: 12, final_search_steps: 3 },
    { steps: 12, final_search_steps: 0, loss: 'margin', target_offset: 1, initial_radius: 0.3 },
  ],
  fmn: [
    { steps: 12, final_search_steps: 3 },
    { steps: 12, final_search_steps: 0, norm: 'linf', target_offset: 1 },
  ],
  fab: [
    { steps: 5, candidates: 3, final_search_steps: 3 },
    { steps: 3, norm: 'linf', boundaries: 'each', candidates: 2, restarts: 2, final_search_steps: 0 },
  ],
  'hop-skip-jump': [
    { queries: 60, initial_evaluations: 8 },
    { queries: 60, initial_evaluations: 8, norm: 'linf', target_offset: 1, initial_tries: 12 },
  ],
  autoattack: [
    { epsilon: 0.03, steps: 3, targets: 2, queries: 5 },
    { epsilon: 0.1, steps: 3, targets: 2, queries: 5, norm: 'l2' },
  ],
  'worst-case': [{ attacks: members }, { attacks: members, keep: 'l2', norm: 'linf', epsilon: 0.2 }],
};

/** The short runs of every attack there is. */
export const settings: [AttackName, Parameters][] = (Object.keys(attacks) as AttackName[]).flatMap((name) =>
  shortRuns[name].map((parameters): [AttackName, Parameters] => [name, parameters]),
);

/** What a schema says of a parameter, as far as it bounds it. */
interface Bounds {
  readonly type?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
}

/** Values just outside of what the schema of each parameter of an attack allows, and of the wrong type. */
export function refusedValues(name: AttackName): [string, unknown[]][] {
  return Object.entries(attackParameters[name].properties as Record<string, Bounds>).map(([field, bounds]) => {
    const { type, minimum, exclusiveMinimum, maximum, exclusiveMaximum } = bounds;
    const below = minimum === undefined ? exclusiveMinimum : minimum - 0.001 * Math.max(1, Math.abs(minimum));
    const above = maximum === undefined ? exclusiveMaximum : maximum * 1.001 + 1;
    const fraction = type === 'integer' ? 1.5 : undefined;
    return [field, [below, above, fraction, 'nonsense', null].filter((value) => value !== undefined)];
  });
}
