import { Type, type Static } from 'typebox';
import { AttackLoss, LogitTemperature } from './objective.js';

/** The one-shot saliency attack of Song (2017), as its code (`songhobby/CNN-Distillation`) runs it. */
export const SongSaliencyParameters = Type.Object(
  {
    score: Type.Enum(['gradient-float32', 'gradient-exact', 'finite-difference'], {
      default: 'gradient-float32',
      description:
        "What ranks the pixels: the loss's float32 gradient, the same gradient combined in log space (which cannot underflow), or the change of the float32 loss when the pixel alone is set to 1.",
    }),
    maximum_pixels: Type.Integer({
      minimum: 0,
      maximum: 10000000,
      default: 99,
      description: 'Most pixel values set to 1.',
    }),
    loss: AttackLoss,
    temperature: LogitTemperature,
  },
  {
    additionalProperties: false,
    description:
      'Ranks the pixels once by a saliency score and sets them to 1, best first, until the class changes. One gradient an example, or one forward pass a pixel.',
  },
);
export type SongSaliencyParameters = Static<typeof SongSaliencyParameters>;
