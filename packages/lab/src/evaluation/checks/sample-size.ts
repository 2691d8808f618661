import type { EvaluationCheck, Rate } from '@retort/contracts';
import { inWords, percent } from '../wording.js';

/** Whether the interval of the worst case lies wholly on one side of the requirement. */
export function sampleSize(robustAccuracy: Rate, required: number): EvaluationCheck {
  const straddles = robustAccuracy.low < required && required <= robustAccuracy.high;
  return {
    name: 'sample-size',
    title: 'Number of examples',
    question: 'Are there enough examples to say on which side of the requirement the robust accuracy lies?',
    concern: 'sample',
    measured: [{ what: 'resist every attack', rate: robustAccuracy }],
    threshold: `the 95 % interval does not hold ${percent(required)} %`,
    status: straddles ? 'failed' : 'passed',
    evidence: `The interval of ${inWords(robustAccuracy)} ${straddles ? 'holds' : 'does not hold'} the required ${percent(required)} %.`,
    paper: 'Wilson 1927, J. Am. Stat. Assoc. 22, 209–212',
  };
}
