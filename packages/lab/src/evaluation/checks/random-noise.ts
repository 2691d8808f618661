import type { EvaluationCheck } from '@retort/contracts';
import { withoutGradients, type WithoutGradients } from './without-gradients.js';

/** Whether noise of the same norm beats the gradients. */
export function randomNoise(found: WithoutGradients | undefined): EvaluationCheck {
  return withoutGradients(
    {
      name: 'random-noise',
      title: 'Random noise',
      question: 'Do attacks with the gradient beat random noise of the same norm?',
      attack: 'Random noise',
      paper: 'Carlini et al. 2019, arXiv 1902.06705, section 5',
    },
    found,
  );
}
