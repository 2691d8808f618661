import type { AttackOutcome } from './attack.js';

/** The outcome of an attack from those of its shards, in the order of their examples. */
export function mergeOutcomes(shards: readonly AttackOutcome[]): AttackOutcome {
  const adversarial = new Float32Array(shards.reduce((length, shard) => length + shard.adversarial.length, 0));
  let end = 0;
  for (const shard of shards) {
    adversarial.set(shard.adversarial, end);
    end += shard.adversarial.length;
  }
  return {
    adversarial,
    predicted: shards.flatMap(({ predicted }) => predicted),
    success: shards.flatMap(({ success }) => success),
    noGradient: shards.flatMap(({ noGradient }) => noGradient),
    gradients: shards.flatMap(({ gradients }) => gradients),
    forwards: shards.flatMap(({ forwards }) => forwards),
  };
}
