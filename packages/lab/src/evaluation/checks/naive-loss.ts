import type { EvaluationCheck } from '@retort/contracts';
import { mcNemar, rateOfTrue } from '@retort/statistics';
import { digits, inWords } from '../wording.js';
import { MATERIAL, SIGNIFICANT } from './material.js';

/**
 * Whether the same PGD does much better up a margin loss than up the float32 cross-entropy at T = 1.
 *
 * @param naive whether the cross-entropy fools the net, for each example
 * @param informed whether the margin loss does, with the same steps from the same starts
 */
export function naiveLoss(naive: readonly boolean[], informed: readonly boolean[]): EvaluationCheck {
  const [crossEntropy, margin] = [rateOfTrue(naive), rateOfTrue(informed)];
  const { onlyFirst, onlySecond, p } = mcNemar(naive, informed);
  const failed = margin.rate - crossEntropy.rate >= MATERIAL && p < SIGNIFICANT;
  return {
    name: 'naive-loss',
    title: 'Loss of the attack',
    question: 'Is PGD up the cross-entropy at T = 1 as strong as the same PGD up the margin between two logits?',
    concern: 'masking',
    measured: [
      { what: 'fooled up the cross-entropy at T = 1', rate: crossEntropy },
      { what: 'fooled up the margin', rate: margin },
      { what: 'fooled up the margin only', value: onlySecond },
      { what: 'fooled up the cross-entropy only', value: onlyFirst },
      { what: "p of McNemar's exact test", value: p },
    ],
    threshold: `the margin gains less than ${100 * MATERIAL} points, or p is at least ${SIGNIFICANT}`,
    status: failed ? 'failed' : 'passed',
    evidence:
      `The same PGD fools ${inWords(crossEntropy)} up the cross-entropy at T = 1 and ${inWords(margin)} up the margin; ` +
      `${onlySecond} fall to the margin only and ${onlyFirst} to the cross-entropy only (McNemar p = ${digits(p, 2)}).`,
    paper: 'Carlini and Wagner 2016, arXiv 1608.04644; Croce and Hein 2020, arXiv 2003.01690',
  };
}
