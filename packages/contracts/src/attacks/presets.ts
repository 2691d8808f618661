import { Type, type TObject } from 'typebox';
import type { AttackChoice } from './attack-choice.js';
import { singleAttackParameters, type SingleAttackName } from './single-attacks.js';

/** An attack under another name, with defaults of its own. */
export interface Preset {
  readonly attack: SingleAttackName;
  /** Those that differ from the attack's own defaults, and those that the source states. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Where the parameters are taken from. */
  readonly source: string;
}

const carlini = (file: string) => `Carlini and Wagner 2016, arXiv 1608.04644: \`${file}\` of carlini/nn_robust_attacks`;
const autoattack = 'Croce and Hein 2020, arXiv 2003.01690: the standard version of fra31/auto-attack';

/** Attacks with the parameters of their papers or of their authors' code, by the names that they have there. */
export const presets = {
  'fgsm-goodfellow': {
    attack: 'fgsm',
    parameters: { epsilon: 0.25, loss: 'cross-entropy', temperature: 1 },
    source: 'Goodfellow et al. 2014, arXiv 1412.6572, section 4: MNIST',
  },
  'bim-kurakin': {
    attack: 'bim',
    parameters: { epsilon: 16 / 255, step_size: 1 / 255, steps: 20, loss: 'cross-entropy', temperature: 1 },
    source:
      'Kurakin et al. 2016, arXiv 1607.02533, section 2.2: steps of 1/255, min(epsilon + 4, 1.25 epsilon) of them, at an epsilon of 16/255',
  },
  'mi-fgsm-dong': {
    attack: 'mi-fgsm',
    parameters: { norm: 'linf', epsilon: 16 / 255, steps: 10, decay: 1, loss: 'cross-entropy', temperature: 1 },
    source: 'Dong et al. 2018, arXiv 1710.06081, section 4',
  },
  'pgd-madry': {
    attack: 'pgd',
    parameters: {
      norm: 'linf',
      epsilon: 0.3,
      step_size: 0.01,
      steps: 40,
      restarts: 1,
      random_start: true,
      loss: 'cross-entropy',
      temperature: 1,
    },
    source: 'Madry et al. 2017, arXiv 1706.06083: `config.json` of MadryLab/mnist_challenge',
  },
  'pgd-madry-cifar10': {
    attack: 'pgd',
    parameters: {
      norm: 'linf',
      epsilon: 8 / 255,
      step_size: 2 / 255,
      steps: 10,
      restarts: 1,
      random_start: true,
      loss: 'cross-entropy',
      temperature: 1,
    },
    source: 'Madry et al. 2017, arXiv 1706.06083: `config.json` of MadryLab/cifar10_challenge',
  },
  'apgd-ce': {
    attack: 'apgd',
    parameters: { steps: 100, restarts: 1, loss: 'cross-entropy', temperature: 1 },
    source: autoattack,
  },
  'apgd-dlr': {
    attack: 'apgd',
    parameters: { steps: 100, restarts: 1, loss: 'dlr' },
    source: 'Croce and Hein 2020, arXiv 2003.01690: 100 steps up the difference of logits ratio',
  },
  'fab-t': {
    attack: 'fab',
    parameters: {
      norm: 'linf',
      steps: 100,
      restarts: 1,
      boundaries: 'each',
      candidates: 9,
      alpha_max: 0.1,
      eta: 1.05,
      beta: 0.9,
    },
    source: autoattack,
  },
  'cw-l2-paper': {
    attack: 'cw-l2',
    parameters: {
      binary_search_steps: 9,
      steps: 10000,
      learning_rate: 0.01,
      initial_constant: 0.001,
      confidence: 0,
      abort_early: true,
      slack: 1e-6,
    },
    source: carlini('l2_attack.py'),
  },
  'cw-l0-paper': {
    attack: 'cw-l0',
    parameters: { steps: 1000, learning_rate: 0.01, initial_constant: 0.001, largest_constant: 2e6, slack: 1e-6 },
    source: carlini('l0_attack.py'),
  },
  'cw-linf-paper': {
    attack: 'cw-linf',
    parameters: {
      steps: 1000,
      learning_rate: 0.005,
      initial_constant: 1e-5,
      largest_constant: 20,
      decrease_factor: 0.9,
      smallest_tau: 1 / 256,
      slack: 1e-6,
    },
    source: carlini('li_attack.py'),
  },
  'jsma-papernot': {
    attack: 'jsma',
    parameters: { maximum_features: 112, theta: 1, direction: 'increase', search: 'pairs', saliency: 'softmax' },
    source: 'Papernot et al. 2015, arXiv 1511.07528 and 1511.04508: pairs of pixels, at most 112 of MNIST',
  },
  'jsma-f': {
    attack: 'jsma',
    parameters: { maximum_features: 784, theta: 1, direction: 'increase', search: 'pairs', saliency: 'softmax' },
    source: 'Carlini and Wagner 2016, arXiv 1608.04644: on the softmax; every pixel of MNIST may move',
  },
  'jsma-z': {
    attack: 'jsma',
    parameters: { maximum_features: 784, theta: 1, direction: 'increase', search: 'pairs', saliency: 'logits' },
    source: 'Carlini and Wagner 2016, arXiv 1608.04644: on the logits; every pixel of MNIST may move',
  },
  'song-saliency-paper': {
    attack: 'song-saliency',
    parameters: { score: 'gradient-float32', maximum_pixels: 99, loss: 'cross-entropy', temperature: 1 },
    source: 'Song 2017: `test.py` of songhobby/CNN-Distillation',
  },
  'deepfool-paper': {
    attack: 'deepfool',
    parameters: { norm: 'l2', steps: 50, overshoot: 0.02, candidates: 9 },
    source: 'Moosavi-Dezfooli et al. 2015, arXiv 1511.04599: `deepfool.py` of LTS4/DeepFool',
  },
  'ead-paper': {
    attack: 'ead',
    parameters: {
      beta: 0.001,
      decision: 'elastic-net',
      binary_search_steps: 9,
      steps: 1000,
      learning_rate: 0.01,
      initial_constant: 0.001,
      confidence: 0,
    },
    source: 'Chen et al. 2017, arXiv 1709.04114, section 4',
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];

/** The schema of a preset's parameters: its attack's, with other defaults. */
export function presetParameters(name: PresetName): TObject {
  const { attack, parameters, source }: Preset = presets[name];
  const schema: TObject = singleAttackParameters[attack];
  const properties = Object.entries(schema.properties).map(([field, property]) => [
    field,
    field in parameters ? { ...property, default: parameters[field] } : property,
  ]);
  return Type.Object(Object.fromEntries(properties) as TObject['properties'], {
    additionalProperties: false,
    description: `\`${attack}\` with the parameters of ${source}.`,
  });
}

/** The attack that a choice stands for, with the parameters that make a preset of it; those of an ensemble's members too. */
export function resolvePreset({ attack, parameters }: AttackChoice): AttackChoice {
  if (Object.hasOwn(presets, attack)) {
    const preset: Preset = presets[attack as PresetName];
    return { attack: preset.attack, parameters: { ...preset.parameters, ...parameters } };
  }
  if (!('attacks' in parameters)) return { attack, parameters };
  return { attack, parameters: { ...parameters, attacks: (parameters.attacks as AttackChoice[]).map(resolvePreset) } };
}
