import type { EvaluationCheck } from '@retort/contracts';
import { withoutGradients, type WithoutGradients } from './without-gradients.js';

/** Whether a walk that sees only classes beats the gradients, and the scores too. */
export function decisionBased(found: WithoutGradients | undefined, why?: string): EvaluationCheck {
  return withoutGradients(
    {
      name: 'decision-based',
      title: 'Decisions only',
      question: 'Do attacks with the gradient beat HopSkipJump, which sees classes only?',
      attack: 'HopSkipJump',
      paper: 'Chen, Jordan and Wainwright 2019, arXiv 1904.02144; Brendel et al. 2017, arXiv 1712.04248',
    },
    found,
    why,
  );
}
