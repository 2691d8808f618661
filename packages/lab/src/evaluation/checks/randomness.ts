import type { EvaluationCheck, Rate } from '@retort/contracts';
import { counted, inWords } from '../wording.js';

/**
 * Whether two passes over the same images give the same logits.
 *
 * @param unequal images whose logits differ
 * @param draws passes that the attacks were led by the mean of
 */
export function randomness(unequal: Rate, draws: number): EvaluationCheck {
  const randomised = unequal.count > 0;
  return {
    name: 'randomness',
    title: 'Randomness',
    question: 'Do repeated passes over the same images give the same logits?',
    concern: 'randomness',
    measured: [{ what: 'images whose logits differ between two passes', rate: unequal }],
    threshold: 'none differs',
    status: randomised ? 'failed' : 'passed',
    evidence: randomised
      ? `The logits differ between two passes on ${inWords(unequal)}: the classifier is randomised. All attacks but the naive ones ` +
        `followed the mean of ${draws} passes; none stopped before a wrong logit led by three standard deviations; and an image counts as fooling it where the class most often given in as many passes is wrong.`
      : `Two passes over ${counted(unequal.of, 'image')} give equal logits.`,
    paper: 'Athalye, Carlini and Wagner 2018, arXiv 1802.00420, section 4.2',
  };
}
