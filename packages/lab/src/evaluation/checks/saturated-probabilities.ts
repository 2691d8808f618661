import type { EvaluationCheck, InputGradientResult } from '@retort/contracts';
import { inWords } from '../wording.js';

/** The largest share of saturated probabilities that passes. */
const ALLOWED = 0.5;

/** Whether the label's probability rounds to 1, so that its term of the gradient vanishes. */
export function saturatedProbabilities({ probability_saturated }: InputGradientResult): EvaluationCheck {
  return {
    name: 'saturated-probabilities',
    title: 'Saturated probabilities',
    question: "Is the label's probability 1 in float32?",
    concern: 'masking',
    measured: [{ what: "examples whose label's probability is 1 in float32", rate: probability_saturated }],
    threshold: `at most ${100 * ALLOWED} % of the examples: many nets are sure of some`,
    status: probability_saturated.rate > ALLOWED ? 'failed' : 'passed',
    evidence: `The label's probability is 1 in float32 on ${inWords(probability_saturated)}.`,
    paper: 'Carlini and Wagner 2016, arXiv 1607.04311',
  };
}
