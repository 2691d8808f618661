import { Type, type Static } from 'typebox';
import { MinimisedNorm } from './minimised-norm.js';

/** DeepFool (Moosavi-Dezfooli et al. 2015, arXiv 1511.04599). */
export const DeepfoolParameters = Type.Object(
  {
    norm: MinimisedNorm,
    steps: Type.Integer({ minimum: 0, maximum: 100000, default: 50, description: 'Most steps an example takes.' }),
    overshoot: Type.Number({
      minimum: 0,
      maximum: 100,
      default: 0.02,
      description: 'The share by which the whole perturbation is lengthened to end beyond the boundary.',
    }),
    candidates: Type.Integer({
      minimum: 1,
      maximum: 100000,
      default: 9,
      description:
        'How many classes beside the label a step considers: those with the largest logits on the original image. All where the classes are fewer.',
    }),
  },
  {
    additionalProperties: false,
    description:
      'DeepFool: steps to the nearest boundary of the linearised classifier until the class changes. One gradient a step for each candidate class.',
  },
);
export type DeepfoolParameters = Static<typeof DeepfoolParameters>;
