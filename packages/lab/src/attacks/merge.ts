import { concatenated } from '../gradients/rows.js';
import type { AttackOutcome } from './attack.js';

/** The outcome of an attack from those of its shards, in the order of their examples. */
export function mergeOutcomes(shards: readonly AttackOutcome[]): AttackOutcome {
  return {
    adversarial: concatenated(shards.map(({ adversarial }) => adversarial)),
    predicted: shards.flatMap(({ predicted }) => predicted),
    confidence: shards.flatMap(({ confidence }) => confidence),
    success: shards.flatMap(({ success }) => success),
    ...(shards[0]?.sourceSuccess && { sourceSuccess: shards.flatMap(({ sourceSuccess }) => sourceSuccess!) }),
    noGradient: shards.flatMap(({ noGradient }) => noGradient),
    gradients: shards.flatMap(({ gradients }) => gradients),
    forwards: shards.flatMap(({ forwards }) => forwards),
    ...(shards[0]?.members && {
      by: shards.flatMap(({ by }) => by!),
      members: shards[0].members.map(({ name }, at) => ({
        name,
        attacked: sum(shards.map(({ members }) => members![at]!.attacked)),
        fooled: sum(shards.map(({ members }) => members![at]!.fooled)),
      })),
    }),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
