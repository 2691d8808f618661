import { Type, type Static } from 'typebox';
import { CleverParameters } from '../spec/metric.js';
import { EstimatedDistribution } from './distribution.js';
import { Rate } from './rate.js';

/** CLEVER scores (Weng et al. 2018, arXiv 1801.10578): estimates of a lower bound of the least distance, not certificates. */
export const CleverResult = Type.Object({
  examples: Type.Integer({ description: 'Images measured.' }),
  ...CleverParameters.properties,
  score: Type.Object(EstimatedDistribution.properties, {
    description: "An image's score: the least over all other classes, in pixel units; 0 where the net is wrong.",
  }),
  at_radius: Type.Object(Rate.properties, {
    description: 'Scores that are the radius itself, so that a larger one would tell more.',
  }),
  fit_accepted: Type.Object(Rate.properties, {
    description:
      'Fits that the Kolmogorov-Smirnov test does not reject at 5 %, of the pairs of image and class fitted.',
  }),
  fit_without_maximum: Type.Object(Rate.properties, {
    description:
      'Pairs whose likelihood has no inner maximum; the largest gradient norm seen stands for the estimate there, which overstates the score.',
  }),
  gradients: Type.Integer({ description: 'Backward passes an image cost.' }),
  class_histogram: Type.Array(Type.Integer(), { description: 'True classes of the images.' }),
});
export type CleverResult = Static<typeof CleverResult>;
