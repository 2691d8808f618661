import type { EvaluationCheck } from '@retort/contracts';
import { rateOfTrue } from '@retort/statistics';
import { digits, inWords } from '../wording.js';

/** The success from which an attack without a bound counts as complete. */
const COMPLETE = 0.95;

/**
 * Whether an attack that may change the image at will fools the net every time, as it must.
 *
 * @param epsilon so large that the ball holds every image
 * @param fooled whether the attack fools the net, for each example
 */
export function largeEpsilon(epsilon: number, fooled: readonly boolean[]): EvaluationCheck {
  const success = rateOfTrue(fooled);
  return {
    name: 'large-epsilon',
    title: 'No bound',
    question: 'Does the attack fool the net every time when it may change the image at will?',
    concern: 'illusion',
    measured: [{ what: `fooled at epsilon ${digits(epsilon)}`, rate: success }],
    threshold: `at least ${100 * COMPLETE} %`,
    status: success.rate >= COMPLETE ? 'passed' : 'failed',
    evidence: `With epsilon ${digits(epsilon)}, which holds every image, the attack fools ${inWords(success)}.`,
    paper: 'Athalye, Carlini and Wagner 2018, arXiv 1802.00420, section 3.1',
  };
}
