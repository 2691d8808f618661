import type { EvaluationCheck, InputGradientResult } from '@retort/contracts';
import { inWords } from '../wording.js';

/** The largest share of misled gradients that passes. */
const ALLOWED = 0.25;

/** Whether float32 gradients that are not zero point elsewhere than the exact ones. */
export function wrongDirection(
  { wrong_direction }: InputGradientResult,
  { randomised }: { randomised: boolean },
): EvaluationCheck {
  const { cosine_below, ...rate } = wrong_direction;
  const asked = {
    name: 'wrong-direction',
    title: 'Wrong directions',
    question: 'Does the float32 gradient of the cross-entropy point where the exact one, taken in log space, does?',
    concern: 'masking' as const,
    threshold: `at most ${100 * ALLOWED} % of the gradients have a cosine below ${cosine_below}`,
    paper: 'Athalye, Carlini and Wagner 2018, arXiv 1802.00420, section 3',
  };
  if (randomised) {
    const evidence = 'Not run: two passes of a randomised classifier have different gradients.';
    return { ...asked, measured: [], status: 'not-run', evidence };
  }
  return {
    ...asked,
    measured: [{ what: `float32 gradients, not zero, whose cosine with the exact one is below ${cosine_below}`, rate }],
    status: rate.rate > ALLOWED ? 'failed' : 'passed',
    evidence: `The float32 gradient is not zero but points elsewhere than the exact one on ${inWords(rate)}.`,
  };
}
