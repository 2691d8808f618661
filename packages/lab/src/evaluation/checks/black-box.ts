import type { EvaluationCheck } from '@retort/contracts';
import { withoutGradients, type WithoutGradients } from './without-gradients.js';

/** Whether a search that sees only scores beats the gradients. */
export function blackBox(found: WithoutGradients | undefined): EvaluationCheck {
  return withoutGradients(
    {
      name: 'black-box',
      title: 'Black box',
      question: 'Do attacks with the gradient beat the Square attack, which sees scores only?',
      attack: 'The Square attack',
      paper: 'Athalye, Carlini and Wagner 2018, arXiv 1802.00420; Andriushchenko et al. 2020, arXiv 1912.00049',
    },
    found,
  );
}
