import type { EvaluationCheck, InputGradientResult } from '@retort/contracts';
import { inWords } from '../wording.js';

/** The largest share of zero gradients that passes. */
const ALLOWED = 0.1;

/** Whether float32 turns gradients into zero that are none, so that a naive attack has nothing to follow. */
export function zeroGradients({ float32_zero, exact_zero }: InputGradientResult): EvaluationCheck {
  const failed = float32_zero.rate > ALLOWED;
  return {
    name: 'zero-gradients',
    title: 'Zero gradients',
    question: 'Is the float32 gradient of the cross-entropy at T = 1 exactly zero?',
    concern: 'masking',
    measured: [
      { what: 'float32 gradients that are zero in every pixel', rate: float32_zero },
      { what: 'gradients that are zero in log space too', rate: exact_zero },
    ],
    threshold: `at most ${100 * ALLOWED} % of the float32 gradients are zero`,
    status: failed ? 'failed' : 'passed',
    evidence:
      `The float32 gradient is exactly zero on ${inWords(float32_zero)}; ` +
      `in log space it is on ${exact_zero.count} of them.`,
    paper: 'Carlini and Wagner 2016, arXiv 1608.04644, on defensive distillation',
  };
}
