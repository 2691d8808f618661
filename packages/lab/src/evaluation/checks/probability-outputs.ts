import type { EvaluationCheck, Rate } from '@retort/contracts';
import { inWords } from '../wording.js';

/** Whether what is given as logits are the probabilities of a softmax, whose differences saturate. */
export function probabilityOutputs(probabilities: Rate): EvaluationCheck {
  return {
    name: 'probability-outputs',
    title: 'Outputs',
    question: 'Are the outputs logits, and not the probabilities of a softmax?',
    concern: 'illusion',
    measured: [{ what: 'images whose outputs lie in [0, 1] and sum to 1', rate: probabilities }],
    threshold: 'fewer than half',
    status: probabilities.rate > 0.5 ? 'failed' : 'passed',
    evidence: `The outputs lie in [0, 1] and sum to 1 on ${inWords(probabilities)}.`,
    paper: 'Carlini and Wagner 2016, arXiv 1607.04311',
  };
}
