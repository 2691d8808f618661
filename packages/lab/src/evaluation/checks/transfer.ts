import type { EvaluationCheck } from '@retort/contracts';
import { withoutGradients, type WithoutGradients } from './without-gradients.js';

/**
 * Whether adversarial examples made on other nets beat the net's own gradients.
 *
 * @param surrogates the other nets' names
 */
export function transfer(surrogates: readonly string[], found: WithoutGradients | undefined): EvaluationCheck {
  return withoutGradients(
    {
      name: 'transfer',
      title: 'Transfer',
      question: "Do attacks with the net's own gradient beat adversarial examples made on other nets?",
      attack: `Transfer from ${surrogates.join(', ')}`,
      paper: 'Papernot et al. 2016, arXiv 1602.02697; Carlini et al. 2019, arXiv 1902.06705',
    },
    found,
    surrogates.length === 0 ? 'no surrogate was named.' : undefined,
  );
}
