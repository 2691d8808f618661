import { Type, type Static } from 'typebox';
import { LogitTemperature } from './objective.js';

/** The Jacobian-based saliency map attack (Papernot et al. 2015, arXiv 1511.07528). */
export const JsmaParameters = Type.Object(
  {
    maximum_features: Type.Integer({
      minimum: 0,
      maximum: 10000000,
      default: 112,
      description: 'Most pixel values moved; 112 is 14.29 % of the 784 of MNIST.',
    }),
    theta: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      default: 1,
      description: 'How far a chosen pixel value is moved, in pixel units (the pixel range is 0 to 1).',
    }),
    direction: Type.Enum(['increase', 'decrease'], {
      default: 'increase',
      description: 'Whether pixel values are raised or lowered.',
    }),
    search: Type.Enum(['pairs', 'single'], {
      default: 'pairs',
      description: 'Whether the map chooses two pixel values a step, as in the paper, or one.',
    }),
    saliency: Type.Enum(['softmax', 'logits'], {
      default: 'softmax',
      description:
        'What the saliency map differentiates: the probabilities (JSMA-F), or the logits (JSMA-Z, Carlini and Wagner 2016).',
    }),
    target_offset: Type.Integer({
      minimum: 1,
      maximum: 100000,
      default: 1,
      description: 'The target is the class (label + target_offset) modulo the number of classes; 1 is the next class.',
    }),
    temperature: LogitTemperature,
  },
  {
    additionalProperties: false,
    description:
      'Jacobian-based saliency map attack: moves the pixels that most favour the target. Two gradients a step.',
  },
);
export type JsmaParameters = Static<typeof JsmaParameters>;
