import type { AttackMetrics, MemberMetrics } from '@retort/contracts';
import type { AttackOutcome } from '../attacks/attack.js';
import type { Classifier } from '../classifier.js';
import { rows } from '../gradients/rows.js';
import { size } from '../nets/plan.js';
import { classHistogram } from './class-histogram.js';
import { distanceBetween } from './distance.js';
import { distributionOf } from './distribution.js';
import { rateOf, rateOfTrue } from './rate.js';

/**
 * What an attack reached: its success over all the examples given, its cost, and its distances over the successes only.
 *
 * @param originals the images that were attacked, one after the other
 * @param labels their true classes
 */
export function attackMetrics(attacked: {
  classifier: Pick<Classifier, 'inputShape' | 'classes'>;
  originals: Float32Array;
  labels: ArrayLike<number>;
  outcome: AttackOutcome;
}): AttackMetrics {
  const { classifier, originals, labels, outcome } = attacked;
  const { inputShape, classes } = classifier;
  const pixels = size(inputShape);
  const channels = inputShape.length === 3 ? inputShape[2]! : 1;
  const adversarial = rows(outcome.adversarial, pixels);
  const distances = rows(originals, pixels)
    .map((original, at) => distanceBetween(original, adversarial[at]!, channels))
    .filter((_, at) => outcome.success[at]);
  return {
    success: rateOfTrue(outcome.success),
    pixels_changed: distributionOf(distances.map(({ pixelsChanged }) => pixelsChanged)),
    l0: distributionOf(distances.map(({ l0 }) => l0)),
    l1: distributionOf(distances.map(({ l1 }) => l1)),
    l2: distributionOf(distances.map(({ l2 }) => l2)),
    linf: distributionOf(distances.map(({ linf }) => linf)),
    gradients: distributionOf(outcome.gradients),
    forwards: distributionOf(outcome.forwards),
    no_gradient: outcome.noGradient.filter(Boolean).length,
    ...(outcome.members && { members: membersOf(outcome) }),
    class_histogram: classHistogram(labels, classes),
  };
}

/** The success of each member over the examples that it was given. */
function membersOf({ members = [], by = [] }: AttackOutcome): MemberMetrics[] {
  return members.map(({ name, attacked, fooled }) => ({
    name,
    success: rateOf(fooled, attacked),
    kept: by.filter((member) => member === name).length,
  }));
}
