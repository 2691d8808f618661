import type { Rate } from '@retort/contracts';
import { sameBudget } from './approach.js';
import type { BareRow } from './net-row.js';
import type { AttackCell, Verdict } from './summary.js';

/** An attack that has a result on the judged net and on the reference. */
export interface Compared {
  readonly cell: AttackCell;
  readonly here: Rate;
  readonly reference: Rate;
}

/** A naive attack and the strongest masking-proof one of the same algorithm and budget. */
export interface Pair {
  readonly naive: Compared;
  readonly proof: Compared;
  readonly verdict: Verdict;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Pairs of attacks in the order of the spec; the first is the one that the sentence speaks of. */
  readonly pairs: readonly Pair[];
  /** Naive attacks with results on both nets, with or without a partner. */
  readonly naive: readonly Compared[];
}

/** Judges a net against the reference by every naive attack that has a masking-proof partner. */
export function judge(row: BareRow, reference: BareRow): Judgement {
  const compared = row.attacks.flatMap((cell) => compare(cell, reference) ?? []);
  const naive = compared.filter(({ cell }) => cell.approach === 'naive');
  const pairs = naive.flatMap((one) => {
    const partner = strongest(compared.filter(({ cell }) => isPartner(one.cell, cell)));
    return partner ? [{ naive: one, proof: partner, verdict: verdictOfPair(one, partner) }] : [];
  });
  return { verdict: commonVerdict(pairs), pairs, naive };
}

/** Whether a rate is certainly below another: their 95 % intervals do not touch. */
export function isBelow(one: Rate, another: Rate): boolean {
  return one.high < another.low;
}

function compare(cell: AttackCell, reference: BareRow): Compared | null {
  const there = reference.attacks.find(({ name }) => name === cell.name)?.success;
  if (!cell.success?.of || !there?.of) return null;
  return { cell, here: cell.success, reference: there };
}

function isPartner(naive: AttackCell, other: AttackCell): boolean {
  return other.approach === 'masking-proof' && sameBudget(naive, other);
}

function strongest(compared: readonly Compared[]): Compared | undefined {
  return [...compared].sort((a, b) => b.here.rate - a.here.rate)[0];
}

/** The share of the lost success that a partner must win back for the loss to count as masking alone. */
const WON_BACK = 0.9;

/**
 * The gradient is masked where the naive attack is weaker than on the reference and its partner wins that back: like is
 * compared with like, each attack with itself on the reference.
 */
function verdictOfPair(naive: Compared, proof: Compared): Verdict {
  const naiveFell = isBelow(naive.here, naive.reference);
  const proofFell = isBelow(proof.here, proof.reference);
  const restored = isBelow(naive.here, proof.here);
  if (!naiveFell) return proofFell ? 'undecided' : 'not-harder';
  if (restored) return proofFell && wonBack(naive, proof) < WON_BACK ? 'partly-masked' : 'masked';
  return proofFell ? 'harder' : 'undecided';
}

/** How much of what the naive attack falls short of the partner's success on the reference, the partner makes good here. */
function wonBack(naive: Compared, proof: Compared): number {
  return (proof.here.rate - naive.here.rate) / (proof.reference.rate - naive.here.rate);
}

function commonVerdict(pairs: readonly Pair[]): Verdict {
  const found = new Set(pairs.map(({ verdict }) => verdict));
  if (found.size === 0) return 'undecided';
  return found.size === 1 ? pairs[0]!.verdict : 'mixed';
}
