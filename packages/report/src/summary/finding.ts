import { log10Text, rateText } from '../number-format.js';
import { isBelow, type Compared, type Judgement, type Pair } from './judge.js';
import type { BareRow } from './net-row.js';

/** What the numbers show of one net, in sentences that hold no more than their intervals do. */
export function findingOf(row: BareRow, reference: BareRow, judgement: Judgement): string {
  if (row.key === reference.key) return 'The others are compared with this net.';
  if (row.status !== null && row.status !== 'succeeded') {
    return `Nothing can be said of ${row.label}: the job that makes it is ${row.status}.`;
  }
  const pair = judgement.pairs[0];
  const text = pair ? pairText(row, reference, pair) : withoutPair(row, reference, judgement);
  return [text, agreementText(judgement), evidenceText(row, reference)].filter(Boolean).join(' ');
}

function pairText(row: BareRow, reference: BareRow, { naive, proof, verdict }: Pair): string {
  const change = changeText(row, reference, naive);
  const partner = `the same attack with ${proof.cell.follows} (${proof.cell.name})`;
  const reached = `${rateText(proof.here)}, against ${rateText(proof.reference)} on ${reference.label}`;
  switch (verdict) {
    case 'masked':
      return `${change}, but ${partner} reaches ${reached}: the gradient is hidden, not gone.`;
    case 'partly-masked':
      return `${change}, and ${partner} wins back only a part: ${reached}. The gradient is hidden, and something else resists too.`;
    case 'harder':
      return `${change}, and ${partner} does no better: ${reached}. Under these attacks the net is harder to fool, and none of them shows a hidden gradient.`;
    case 'not-harder':
      return `${change}; ${partner} reaches ${reached}: no sign that the net is harder to fool.`;
    case 'reference':
    case 'mixed':
    case 'undecided':
      return `${change}; ${partner} reaches ${reached}: the intervals do not decide whether the gradient is hidden.`;
  }
}

/** How a naive attack fares here against the reference, with both rates. */
export function changeText(row: BareRow, reference: BareRow, naive: Compared): string {
  const subject = `On ${row.label} (${row.made}) the naive attack ${naive.cell.name}`;
  const rates = `(${rateText(naive.here)} against ${rateText(naive.reference)})`;
  if (isBelow(naive.here, naive.reference)) {
    if (naive.here.count === 0) return `${subject} never succeeds, unlike on ${reference.label} ${rates}`;
    const factor = naive.reference.rate / naive.here.rate;
    return `${subject} succeeds ${factorText(factor)} times less often than on ${reference.label} ${rates}`;
  }
  if (isBelow(naive.reference, naive.here)) {
    return `${subject} succeeds more often than on ${reference.label} ${rates}`;
  }
  return `${subject} cannot be told apart from that on ${reference.label} ${rates}`;
}

function factorText(factor: number): string {
  return factor < 10 ? factor.toFixed(1) : factor.toFixed(0);
}

function withoutPair(row: BareRow, reference: BareRow, { naive }: Judgement): string {
  const first = naive[0];
  if (!first) {
    return `Whether ${row.label} (${row.made}) is harder to fool than ${reference.label} cannot be said: no naive attack has a result on both.`;
  }
  const missing = 'no masking-proof attack of the same kind and budget has a result on both nets';
  return `${changeText(row, reference, first)}; whether its gradient is only hidden cannot be said: ${missing}.${strongestText(row)}`;
}

/** A stronger attack of another kind, which says less: its budget is another. */
function strongestText(row: BareRow): string {
  const proofs = row.attacks.filter((cell) => cell.approach === 'masking-proof' && cell.success?.of);
  const best = proofs.sort((a, b) => b.success!.rate - a.success!.rate)[0];
  return best ? ` An attack of another kind, ${best.name}, reaches ${rateText(best.success!)} on it.` : '';
}

function agreementText({ verdict, pairs }: Judgement): string {
  if (pairs.length < 2) return '';
  if (verdict !== 'mixed')
    return `${pairs.length === 2 ? 'Both' : `All ${pairs.length}`} pairs of a naive and a masking-proof attack say the same.`;
  const others = pairs.filter((pair) => pair.verdict !== pairs[0]!.verdict);
  const list = others.map(({ naive, proof, verdict }) => `${naive.cell.name} with ${proof.cell.name}: ${verdict}`);
  return `Other pairs of attacks say otherwise (${list.join('; ')}).`;
}

function evidenceText(row: BareRow, reference: BareRow): string {
  if (row.median_log10_gradient === null || reference.median_log10_gradient === null) return '';
  const medians = `${log10Text(row.median_log10_gradient)} against ${log10Text(reference.median_log10_gradient)}`;
  const zeros = row.float32_zero ? `; of its float32 gradients ${rateText(row.float32_zero)} are exactly zero` : '';
  return `The median log10 of its largest input gradient is ${medians}${zeros}.`;
}
