import type { EvaluationCheck } from '@retort/contracts';
import { mcNemar, rateOfTrue } from '@retort/statistics';
import { digits, inWords } from '../wording.js';
import { SIGNIFICANT } from './material.js';

/**
 * Whether one step of length epsilon beats many small ones up the same loss.
 *
 * @param single whether one step fools the net, for each example
 * @param iterative whether PGD does
 */
export function singleStep(single: readonly boolean[], iterative: readonly boolean[]): EvaluationCheck {
  const [one, many] = [rateOfTrue(single), rateOfTrue(iterative)];
  const { onlyFirst, onlySecond, p } = mcNemar(single, iterative);
  const failed = onlyFirst > onlySecond && p < SIGNIFICANT;
  return {
    name: 'single-step',
    title: 'Single step',
    question: 'Does an iterative attack beat a single step of the same length, both up the cross-entropy at T = 1?',
    concern: 'masking',
    measured: [
      { what: 'fooled by a single step', rate: one },
      { what: 'fooled by PGD', rate: many },
      { what: 'fooled by the single step only', value: onlyFirst },
      { what: 'fooled by PGD only', value: onlySecond },
      { what: "p of McNemar's exact test", value: p },
    ],
    threshold: `the single step is not ahead, or p is at least ${SIGNIFICANT}`,
    status: failed ? 'failed' : 'passed',
    evidence: `A single step fools ${inWords(one)}; PGD fools ${inWords(many)} (McNemar p = ${digits(p, 2)}).`,
    paper: 'Athalye, Carlini and Wagner 2018, arXiv 1802.00420, section 3.1',
  };
}
