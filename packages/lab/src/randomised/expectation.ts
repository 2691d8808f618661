import { div, addN, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Classifier } from '../classifier.js';

/**
 * The mean logits of several passes through a randomised classifier: what attacks are to climb in its place.
 *
 * Its gradient is that of an expectation over transformation (Athalye et al. 2018, arXiv 1707.07397 and 1802.00420).
 *
 * @param draws how many passes are averaged, from 1
 * @throws RangeError when that is not a whole number from 1
 */
export function expectationOver(classifier: Classifier, draws: number): Classifier {
  if (!(Number.isInteger(draws) && draws > 0)) {
    throw new RangeError(`an expectation needs a whole number of draws from 1, not ${draws}`);
  }
  return {
    inputShape: classifier.inputShape,
    classes: classifier.classes,
    rejection: classifier.rejection,
    randomised: classifier.randomised,
    logits: (batch) =>
      tidy(() => div<Tensor2D>(addN(Array.from({ length: draws }, () => classifier.logits(batch))), draws)),
  };
}
