import { attackNamed } from '@retort/lab';
import type { Comparison, Outcome } from './comparison.js';
import { countForwards } from './count-forwards.js';
import type { Subject } from './nets.js';

/** Attacks every example of a net with Retort's own attack. */
export async function attackWithRetort(comparison: Comparison, subject: Subject): Promise<Outcome> {
  const { net, images, labels } = subject;
  const { attack, parameters } = comparison.ours;
  const { classifier, forwards } = countForwards(net);
  const started = performance.now();
  const outcome = await attackNamed(attack).run({ classifier, images, labels, seed: 0 }, parameters);
  const seconds = (performance.now() - started) / 1000;
  return {
    adversarial: outcome.adversarial,
    predicted: outcome.predicted,
    gradients: outcome.gradients.reduce((sum, spent) => sum + spent, 0) / labels.length,
    forwards: forwards() / labels.length,
    seconds,
  };
}
