import type { EvaluationCheck, Rate } from '@retort/contracts';
import { rateOf } from '@retort/statistics';
import { counted, inWords } from '../wording.js';
import { MATERIAL } from './material.js';

/** The share of all examples that an attack without the net's gradients may add to the worst case. */
const ADDED = 0.02;

/** How an attack that does not use the net's own gradients fared where attacks that do were tried before. */
export interface WithoutGradients {
  /** Examples in all. */
  readonly examples: number;
  /** Examples that the naive attack did not fool the net on. */
  readonly resisting: number;
  /** Of those that it tried among them, those that it fooled the net on. */
  readonly fooled: Rate;
  /** Examples that it was the first to fool the net on, after every attack by the net's own gradients. */
  readonly added: number;
}

/** What tells one such check from the others. */
export type Asked = Pick<EvaluationCheck, 'name' | 'title' | 'question' | 'paper'> & {
  /** The attack as a sentence begins with it. */
  readonly attack: string;
};

/**
 * Whether an attack without the net's gradients beats those with them, which a net that hides nothing does not allow.
 *
 * Against the naive attack that is a sign of masking; where it adds to all the attacks that masking cannot stop, the
 * worst case itself may be an illusion.
 *
 * @param found undefined where the attack was not run
 * @param why then the reason
 */
export function withoutGradients(
  { attack, ...asked }: Asked,
  found: WithoutGradients | undefined,
  why = 'every example fell to the naive attack, so that nothing was left to compare.',
): EvaluationCheck {
  const threshold =
    `against the naive attack it gains less than ${100 * MATERIAL} points (by the lower end of the interval), and it ` +
    `adds at most ${100 * ADDED} % of the examples to the gradient attacks`;
  if (found === undefined || found.fooled.of === 0) {
    return { ...asked, concern: 'masking', threshold, measured: [], status: 'not-run', evidence: `Not run: ${why}` };
  }
  const { examples, resisting, fooled, added } = found;
  const gain = (fooled.low * resisting) / examples;
  const illusion = added > ADDED * examples;
  return {
    ...asked,
    concern: illusion ? 'illusion' : 'masking',
    measured: [
      { what: 'fooled of the examples tried on which the naive attack failed', rate: fooled },
      { what: 'least gain over the naive attack, as a share of all examples', value: gain },
      { what: 'fooled after every attack by the own gradients had failed', rate: rateOf(added, examples) },
    ],
    threshold,
    status: illusion || gain >= MATERIAL ? 'failed' : 'passed',
    evidence:
      `${attack} fools ${inWords(fooled)} of the examples tried on which the naive attack failed, and ` +
      `${counted(added, 'example')} of ${examples} on which every attack by the net's own gradients had failed.`,
  };
}
