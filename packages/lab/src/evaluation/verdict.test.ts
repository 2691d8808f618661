import type { EvaluationCheck } from '@retort/contracts';
import { rateOf } from '@retort/statistics';
import { describe, expect, it } from 'vitest';
import { judge, type Evidence } from './verdict.js';

function checkOf(name: string, changes: Partial<EvaluationCheck> = {}): EvaluationCheck {
  const told = { title: name, question: '', measured: [], threshold: '', evidence: `${name} found.`, paper: '' };
  return { name, concern: 'masking', status: 'failed', ...told, ...changes };
}

/** What is known of a net of which so many of 200 examples stand, and so many under the naive attack. */
function evidenceOf(standing: number, naive: number, ...checks: EvaluationCheck[]): Evidence {
  return {
    threat: { norm: 'linf', epsilon: 0.2, required_accuracy: 0.5, effort: 'standard' },
    robustAccuracy: rateOf(standing, 200),
    naiveRobustAccuracy: rateOf(naive, 200),
    checks,
  };
}

const misled = checkOf('naive-loss');
const weak = checkOf('convergence', { concern: 'illusion' });
const random = checkOf('randomness', { concern: 'randomness' });

describe('judge', () => {
  it.each([
    ['broken', 'falls to the naive attack', evidenceOf(0, 3)],
    ['broken', 'falls though no check speaks of masking', evidenceOf(20, 190)],
    ['broken', 'is masked, but below the requirement naively too', evidenceOf(0, 80, misled)],
    ['broken', 'falls even to attacks that are in doubt', evidenceOf(10, 60, weak, random)],
    ['masked', 'looked robust to the naive attack only', evidenceOf(10, 190, misled)],
    ['masked', 'has another sign of masking that compares attacks', evidenceOf(10, 190, checkOf('black-box'))],
    ['broken', 'shows zeros that mislead no attack', evidenceOf(10, 190, checkOf('zero-gradients'))],
    ['robust', 'holds, and nothing fails', evidenceOf(180, 190, checkOf('transfer', { status: 'not-run' }))],
    ['robust', 'holds under attacks that masking cannot stop', evidenceOf(180, 200, misled)],
    ['inconclusive', 'holds under attacks that are in doubt', evidenceOf(180, 190, weak)],
    ['inconclusive', 'holds, but answers at random', evidenceOf(180, 190, random)],
    ['inconclusive', 'has too few examples', evidenceOf(100, 190)],
  ])('says %s of a net that %s', (verdict, _, evidence) => {
    expect(judge(evidence).verdict).toBe(verdict);
  });

  it('turns where the interval leaves the requirement behind', () => {
    const verdicts = Array.from({ length: 201 }, (_, standing) => judge(evidenceOf(standing, 200)).verdict);
    const first = (verdict: string) => verdicts.indexOf(verdict as (typeof verdicts)[number]);
    expect(rateOf(first('inconclusive') - 1, 200).high).toBeLessThan(0.5);
    expect(rateOf(first('inconclusive'), 200).high).toBeGreaterThanOrEqual(0.5);
    expect(rateOf(first('robust') - 1, 200).low).toBeLessThan(0.5);
    expect(rateOf(first('robust'), 200).low).toBeGreaterThanOrEqual(0.5);
    expect(first('broken')).toBe(0);
  });

  it('flags masking and randomness beside the verdict', () => {
    expect(judge(evidenceOf(0, 3, misled, random))).toMatchObject({
      verdict: 'broken',
      masking: true,
      randomised: true,
    });
    expect(judge(evidenceOf(180, 190))).toMatchObject({ masking: false, randomised: false });
  });

  it('gives both rates and what failed in its reasons', () => {
    const { reasons } = judge(evidenceOf(10, 190, misled, checkOf('transfer', { status: 'passed' })));
    expect(reasons[0]).toBe(
      'Within Linf 0.2, 5.0 % [2.7, 9.0], 10 of 200 correctly classified examples resist every attack; 50.0 % are required.',
    );
    expect(reasons[1]).toContain('95.0 % [91.0, 97.3], 190 of 200');
    expect(reasons).toContain('naive-loss found.');
    expect(reasons).not.toContain('transfer found.');
  });

  it('says how many examples decide, and that as many do', () => {
    const straddling = checkOf('sample-size', { concern: 'sample' });
    const [step] = judge(evidenceOf(112, 190, straddling)).next;
    const count = Number(/at least (\d+) examples/.exec(step!)![1]);
    expect(rateOf(Math.round(0.56 * count), count).low).toBeGreaterThanOrEqual(0.5);
    expect(judge(evidenceOf(100, 190, straddling)).next[0]).toContain('no number of examples');
  });

  it('asks for nothing more once a net is broken', () => {
    expect(judge(evidenceOf(0, 190, misled, weak)).next).toEqual([]);
  });

  it('asks for surrogates and a higher effort where they are missing', () => {
    const { next } = judge(evidenceOf(180, 190, weak, checkOf('transfer', { status: 'not-run' })));
    expect(next.join(' ')).toMatch(/"effort": "thorough".*Name surrogates/);
  });
});
