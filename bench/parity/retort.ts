import { attackNamed } from '@retort/lab';
import type { Comparison, Outcome } from './comparison.js';
import type { Subject } from './nets.js';

/** Attacks every example of a net with Retort's own attack. */
export async function attackWithRetort(comparison: Comparison, subject: Subject): Promise<Outcome> {
  const { net: classifier, images, labels } = subject;
  const { attack, parameters } = comparison.ours;
  const started = performance.now();
  const outcome = await attackNamed(attack).run({ classifier, images, labels, seed: 0 }, parameters);
  const seconds = (performance.now() - started) / 1000;
  const gradients = mean(outcome.gradients);
  return {
    adversarial: outcome.adversarial,
    predicted: outcome.predicted,
    gradients,
    forwards: gradients + mean(outcome.forwards),
    seconds,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
