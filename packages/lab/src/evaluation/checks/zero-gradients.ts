import type { EvaluationCheck, InputGradientResult } from '@retort/contracts';
import { inWords } from '../wording.js';

/** The largest share of zero gradients that passes. */
const ALLOWED = 0.1;

/** Whether gradients are zero in log space too, so that no attack that follows them is led by anything. */
export function leadsNowhere({ exact_zero }: InputGradientResult): boolean {
  return exact_zero.rate > ALLOWED;
}

/**
 * Whether float32 turns gradients into zero that are none, so that a naive attack has nothing to follow.
 *
 * Where they are zero in log space too, the worst case rests on the attacks that need none, and may be an illusion.
 */
export function zeroGradients(gradient: InputGradientResult): EvaluationCheck {
  const { float32_zero, exact_zero } = gradient;
  const failed = float32_zero.rate > ALLOWED;
  return {
    name: 'zero-gradients',
    title: 'Zero gradients',
    question: 'Is the float32 gradient of the cross-entropy at T = 1 exactly zero?',
    concern: leadsNowhere(gradient) ? 'illusion' : 'masking',
    measured: [
      { what: 'float32 gradients that are zero in every pixel', rate: float32_zero },
      { what: 'gradients that are zero in log space too', rate: exact_zero },
    ],
    threshold: `at most ${100 * ALLOWED} % of the float32 gradients are zero`,
    status: failed ? 'failed' : 'passed',
    evidence:
      `The float32 gradient is exactly zero on ${inWords(float32_zero)}; ` +
      `in log space it is on ${exact_zero.count} of them.`,
    paper:
      'Carlini and Wagner 2016, arXiv 1608.04644, on defensive distillation; Athalye, Carlini and Wagner 2018, arXiv 1802.00420, on shattered gradients',
  };
}
