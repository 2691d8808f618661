import { toJsonNumber, type AttackMetrics, type Mean, type MemberMetrics } from '@retort/contracts';
import { bootstrapIntervals, distributionOf, estimatedDistributionOf, rateOf, rateOfTrue } from '@retort/statistics';
import type { AttackOutcome } from '../attacks/attack.js';
import { exampleClasses, type Classifier } from '../classifier.js';
import { rows } from '../gradients/rows.js';
import { size } from '../nets/plan.js';
import { accuracy } from './accuracy.js';
import { accuracyCurve } from './accuracy-curve.js';
import { classHistogram } from './class-histogram.js';
import { distanceBetween, type Distance } from './distance.js';

/**
 * What an attack reached: its success over all the examples given, its cost, and its distances over the successes only.
 *
 * @param originals the images that were attacked, one after the other
 * @param labels their true classes
 * @param clean the class that the classifier gives each of them before the attack
 */
export function attackMetrics(attacked: {
  classifier: Pick<Classifier, 'inputShape' | 'classes' | 'rejection'>;
  originals: Float32Array;
  labels: ArrayLike<number>;
  clean: ArrayLike<number>;
  outcome: AttackOutcome;
}): AttackMetrics {
  const { classifier, originals, labels, clean, outcome } = attacked;
  const { inputShape, rejection } = classifier;
  const { success } = outcome;
  const pixels = size(inputShape);
  const channels = inputShape.length === 3 ? inputShape[2]! : 1;
  const images = rows(originals, pixels);
  const adversarial = rows(outcome.adversarial, pixels);
  const distances = images.map((original, at) => distanceBetween(original, adversarial[at]!, channels));
  const ofSuccesses = <T>(values: readonly T[]) => values.filter((_, at) => success[at]);
  const over = (norm: keyof Distance) => ofSuccesses(distances.map((distance) => distance[norm]));
  const spread = (norm: keyof Distance) => estimatedDistributionOf(over(norm));
  const wrongBefore = Array.from(labels, (label, at) => clean[at] !== label);
  const curve = (norm: keyof Distance) =>
    accuracyCurve(distances.map((distance, at) => (wrongBefore[at] ? 0 : success[at] ? distance[norm] : Infinity)));
  return {
    success: rateOfTrue(success),
    ...(outcome.sourceSuccess && { source_success: rateOfTrue(outcome.sourceSuccess) }),
    clean_accuracy: accuracy(clean, labels),
    robust_accuracy: accuracy(outcome.predicted, labels),
    success_over_correct: rateOfTrue(success.filter((_, at) => !wrongBefore[at])),
    ...(rejection !== undefined && { detected: rateOfTrue(outcome.predicted.map((each) => each === rejection)) }),
    pixels_changed: spread('pixelsChanged'),
    l0: spread('l0'),
    l1: spread('l1'),
    l2: spread('l2'),
    linf: spread('linf'),
    rho_adv: meanOf(over('l0').map((l0) => l0 / pixels)),
    empirical_robustness: meanOf(ofSuccesses(distances.map(({ l2 }, at) => l2 / length(images[at]!)))),
    confidence: estimatedDistributionOf(ofSuccesses(outcome.confidence)),
    accuracy_curves: { l0: curve('l0'), l1: curve('l1'), l2: curve('l2'), linf: curve('linf') },
    gradients: distributionOf(outcome.gradients),
    forwards: distributionOf(outcome.forwards),
    no_gradient: outcome.noGradient.filter(Boolean).length,
    ...(outcome.members && { members: membersOf(outcome) }),
    class_histogram: classHistogram(labels, exampleClasses(classifier)),
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

function meanOf(values: readonly number[]): Mean {
  const sum = values.reduce((total, value) => total + value, 0);
  return { count: values.length, mean: toJsonNumber(sum / values.length), ...bootstrapIntervals(values).mean };
}

/** The Euclidean length of an image. */
function length(image: Float32Array): number {
  return Math.sqrt(image.reduce((sum, pixel) => sum + pixel * pixel, 0));
}
