import { Type, type Static } from 'typebox';
import { FinalSearchSteps } from './final-search.js';
import { MinimisedNorm } from './minimised-norm.js';

/** The fast adaptive boundary attack (Croce and Hein 2019, arXiv 1907.02044). */
export const FabParameters = Type.Object(
  {
    norm: MinimisedNorm,
    steps: Type.Integer({ minimum: 1, maximum: 100000, default: 100, description: 'Steps of one run.' }),
    restarts: Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: 1,
      description: 'Runs an example has: the first from the image, the others from a random point near it.',
    }),
    restart_radius: Type.Number({
      minimum: 0,
      maximum: 1000,
      default: 1,
      description:
        'Random starts lie within half this distance, or half that of the nearest adversarial image known; pixel units.',
    }),
    boundaries: Type.Enum(['nearest', 'each'], {
      default: 'nearest',
      description:
        'Whether a step goes to the nearest of the candidates (FAB), or each candidate has runs of its own (FAB-T).',
    }),
    candidates: Type.Integer({
      minimum: 1,
      maximum: 100000,
      default: 9,
      description:
        'How many classes beside the label are considered: those with the largest logits on the original image. All where the classes are fewer.',
    }),
    alpha_max: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.1,
      description: 'The most that a step is drawn towards the original image.',
    }),
    eta: Type.Number({
      minimum: 1,
      maximum: 10,
      default: 1.05,
      description: 'How far a step goes, in distances to the linearised boundary: beyond it above 1.',
    }),
    beta: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.9,
      description: 'What remains of the perturbation after a step that ends in an adversarial image.',
    }),
    final_search_steps: FinalSearchSteps,
  },
  {
    additionalProperties: false,
    description:
      'Fast adaptive boundary attack: projects onto the linearised boundary inside the box, drawn towards the original image. One gradient a step for each candidate class.',
  },
);
export type FabParameters = Static<typeof FabParameters>;
