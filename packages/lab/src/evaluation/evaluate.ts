import { check, EvaluationParameters, type Evaluation, type EvaluationParameters as Threat } from '@retort/contracts';
import { rateOf } from '@retort/statistics';
import type { BatchSize } from '../batch-size.js';
import type { Classifier } from '../classifier.js';
import { inputGradient } from '../metrics/input-gradient.js';
import { accuracy } from '../metrics/accuracy.js';
import { size } from '../nets/plan.js';
import { predictLabels } from '../predict.js';
import { mostFrequentLabels } from '../randomised/most-frequent-labels.js';
import * as assaults from './assaults.js';
import { Battery, type Assault } from './battery.js';
import { budgetOf } from './budget.js';
import { blackBox } from './checks/black-box.js';
import { convergence } from './checks/convergence.js';
import { decisionBased } from './checks/decision-based.js';
import { growingEpsilon } from './checks/growing-epsilon.js';
import { largeEpsilon } from './checks/large-epsilon.js';
import { naiveLoss } from './checks/naive-loss.js';
import { probabilityOutputs } from './checks/probability-outputs.js';
import { randomNoise } from './checks/random-noise.js';
import { randomness } from './checks/randomness.js';
import { sampleSize } from './checks/sample-size.js';
import { saturatedProbabilities } from './checks/saturated-probabilities.js';
import { singleStep } from './checks/single-step.js';
import { transfer } from './checks/transfer.js';
import type { WithoutGradients } from './checks/without-gradients.js';
import { wrongDirection } from './checks/wrong-direction.js';
import { leadsNowhere, zeroGradients } from './checks/zero-gradients.js';
import { survey } from './survey.js';
import { judge } from './verdict.js';

/** A classifier that is to be evaluated, and how. */
export interface EvaluateOptions {
  /** The classifier as it is deployed. */
  readonly classifier: Classifier;
  /** `n` images, one after the other, every pixel in [0, 1]. */
  readonly images: Float32Array;
  /** The `n` true classes. */
  readonly labels: ArrayLike<number>;
  /** The place of each image in its dataset, which names its random streams; 0 to n - 1 where absent. */
  readonly indices?: ArrayLike<number>;
  readonly seed: number;
  /** The temperature at which the net was trained, for the record. */
  readonly trainingTemperature: number;
  /** Other nets on which adversarial examples are made and then tried on this one. */
  readonly surrogates?: readonly { readonly name: string; readonly classifier: Classifier }[];
  /** What is left out has the default of its schema. */
  readonly parameters: Partial<Threat> & Pick<Threat, 'epsilon'>;
  /** How many examples are attacked at a time, 128 where absent; it changes memory and speed. */
  readonly batchSize?: number | BatchSize;
  /** Stops the evaluation between two passes through the classifier. */
  readonly signal?: AbortSignal;
  /** Is told which share of the work is done, and what runs now. */
  readonly onProgress?: (fraction: number, stage: string) => void;
}

/** What an evaluation found; the lists have one entry for each image given. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  /** The nearest adversarial image of each example; the image itself where none was found, or it was misclassified before. */
  readonly adversarial: Float32Array;
  /** The class of each of those images. */
  readonly predicted: number[];
  /** Whether an adversarial image was found; never for an example that was misclassified before. */
  readonly success: boolean[];
}

/**
 * Says whether a classifier resists within a norm's ball, or only hides its gradient: attacks it first as masking would
 * have it, then by what masking cannot stop, and checks all along whether the attacks can be believed.
 *
 * The checks are those of Carlini et al. 2019 (arXiv 1902.06705) and Athalye et al. 2018 (arXiv 1802.00420), besides
 * those of float32; `judge` states the rule of the verdict. Every attack after the comparisons is run only on the
 * examples that all before it left standing. A randomised classifier is attacked through the mean of several passes
 * (expectation over transformation), and an image fools it where the class most often given is wrong. The same seed
 * gives the same result.
 *
 * @throws RangeError for parameters out of range, images and labels that do not fit, or when the classifier gets no
 *   example right; the signal's reason when it is aborted
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluated> {
  const { classifier, images, batchSize, signal, seed, surrogates = [] } = options;
  const threat = checkParameters(options.parameters);
  const budget = budgetOf(threat.effort);
  const labels = Array.from(options.labels);
  const indices = options.indices ? Array.from(options.indices) : labels.map((_, at) => at);

  const passes = { passes: budget.draws, batchSize, signal };
  const known = await survey(classifier, images, labels, passes);
  const randomised = known.unequal.count > 0;
  const correct = labels.flatMap((label, at) => (known.predicted[at] === label ? [at] : []));
  if (correct.length === 0) {
    throw new RangeError(`none of the ${labels.length} examples is classified correctly: there is nothing to attack`);
  }
  const standing = {
    images: imagesAt(images, correct, size(classifier.inputShape)),
    labels: correct.map((at) => labels[at]!),
    indices: correct.map((at) => indices[at]!),
  };
  const stages = progressOver(STAGES + surrogates.length, options.onProgress);
  const battery = new Battery({
    ...{ classifier, ...standing, threat, seed, batchSize, signal, onProgress: stages },
    predict: async (some, count) =>
      randomised
        ? mostFrequentLabels(classifier, some, count, passes)
        : Array.from(await predictLabels(classifier, some, count, batchSize, signal)),
  });
  const { all } = battery;
  const plain = assaults.climbedOver(classifier, known.jitter, 1);
  const climbed = assaults.climbedOver(classifier, known.jitter, budget.draws);

  // What float32 makes of the gradient, and what a naive attack makes of that.
  stages('input gradients', 0);
  const gradient = await inputGradient({ classifier, ...standing, batchSize, signal });
  const naive = await battery.run(assaults.naive(plain, threat, budget), all);
  const naiveRobustAccuracy = battery.robustAccuracy;
  const single = await battery.run(assaults.singleStep(plain, threat), all);
  const informed = await battery.run(assaults.informed(climbed, threat, budget), all);

  // What larger and smaller balls do to the same attack.
  const probes = all.slice(0, budget.probes);
  const largest = assaults.unbounded(threat, classifier);
  const curve = [{ epsilon: threat.epsilon, fooled: informed }];
  for (const epsilon of [threat.epsilon / 2, 2 * threat.epsilon, largest]) {
    if (curve.some((point) => point.epsilon === epsilon) || epsilon > largest) continue;
    curve.push({ epsilon, fooled: await battery.run(assaults.informed(climbed, threat, budget, epsilon), probes) });
  }
  const points = curve
    .sort((a, b) => a.epsilon - b.epsilon)
    .map(({ epsilon, fooled }) => ({ epsilon, fooled: probes.map((at) => fooled.has(at)) }));

  // What masking cannot stop, on what still stands.
  for (const assault of assaults.ownGradients(climbed, threat, budget, known.calibrated)) {
    await battery.run(assault, battery.standing);
  }

  // What needs no gradient of this net: on what still stands, and on some of what only the naive attack failed on.
  const left = new Set(battery.standing);
  const hidden = all.filter((at) => !naive.has(at) && !left.has(at)).slice(0, budget.probes);
  const without = async (tried: readonly Assault[]): Promise<WithoutGradients> => {
    const before = battery.standing.length;
    const places = [...hidden, ...battery.standing].sort((a, b) => a - b);
    const fooled = new Set<number>();
    for (const assault of tried) {
      for (const at of await battery.run(
        assault,
        places.filter((place) => !fooled.has(place)),
      ))
        fooled.add(at);
    }
    return {
      examples: all.length,
      resisting: all.length - naive.size,
      fooled: rateOf(fooled.size, places.length),
      added: before - battery.standing.length,
    };
  };
  const byNoise = await without([assaults.noise(climbed, threat, budget)]);
  const byTransfer =
    surrogates.length > 0 ? await without(surrogates.map((net) => assaults.transfer(net, threat, budget))) : undefined;
  const byScores = await without([assaults.square(climbed, threat, budget)]);
  const useless = leadsNowhere(gradient) || known.probabilities.rate > 0.5;
  const quick = threat.effort === 'quick' && !useless;
  const byDecisions = quick ? undefined : await without([assaults.hopSkipJump(climbed, threat, budget)]);

  // Whether all that was enough.
  const remaining = battery.standing;
  const more = await battery.run(assaults.longer(climbed, threat, budget), remaining);

  const { robustAccuracy } = battery;
  const checks = [
    zeroGradients(gradient),
    saturatedProbabilities(gradient),
    wrongDirection(gradient, { randomised }),
    naiveLoss(
      all.map((at) => naive.has(at)),
      all.map((at) => informed.has(at)),
    ),
    singleStep(
      all.map((at) => single.has(at)),
      all.map((at) => naive.has(at)),
    ),
    blackBox(byScores),
    decisionBased(byDecisions, quick ? 'a quick evaluation tries it only where gradients are of no use.' : undefined),
    transfer(
      surrogates.map(({ name }) => name),
      byTransfer,
    ),
    randomNoise(byNoise),
    growingEpsilon(points),
    largeEpsilon(largest, points.at(-1)!.fooled),
    convergence(all.length, rateOf(more.size, remaining.length)),
    randomness(known.unequal, budget.draws),
    probabilityOutputs(known.probabilities),
    sampleSize(robustAccuracy, threat.required_accuracy),
  ];
  return {
    evaluation: {
      ...judge({ threat, robustAccuracy, naiveRobustAccuracy, checks }),
      threat,
      temperatures: { training: options.trainingTemperature, calibrated: known.calibrated },
      clean_accuracy: accuracy(known.predicted, labels),
      robust_accuracy: robustAccuracy,
      naive_robust_accuracy: naiveRobustAccuracy,
      checks,
      attacks: battery.attacks,
      strongest: battery.strongest,
    },
    ...strongestImages(images, known.predicted, correct, battery),
  };
}

/** The attacks that an evaluation has, with HopSkipJump, and the measurement of the gradients. */
const STAGES = 15;

/** Tells a growing fraction from the names of stages and the share of each that is done. */
function progressOver(stages: number, onProgress: EvaluateOptions['onProgress']) {
  let current: string | undefined;
  let begun = -1;
  return (stage: string, share: number): void => {
    if (stage !== current) begun++;
    current = stage;
    onProgress?.(Math.min((begun + share) / stages, 1), stage);
  };
}

function checkParameters(given: EvaluateOptions['parameters']): Threat {
  const checked = check(EvaluationParameters, given);
  if (checked.ok) return checked.value as Threat;
  const problems = checked.problems.map(({ pointer, message, remedy }) => `${pointer} ${message}: ${remedy}`);
  throw new RangeError(`the parameters of an evaluation are wrong: ${problems.join('; ')}`);
}

function imagesAt(images: Float32Array, places: readonly number[], pixels: number): Float32Array {
  const chosen = new Float32Array(places.length * pixels);
  places.forEach((from, to) => chosen.set(images.subarray(from * pixels, (from + 1) * pixels), to * pixels));
  return chosen;
}

/** What was found, for every image given. */
function strongestImages(
  images: Float32Array,
  predicted: readonly number[],
  correct: readonly number[],
  { found }: Battery,
): Omit<Evaluated, 'evaluation'> {
  const pixels = images.length / predicted.length;
  const strongest = { adversarial: images.slice(), predicted: [...predicted], success: predicted.map(() => false) };
  correct.forEach((at, place) => {
    const nearest = found[place];
    if (!nearest) return;
    strongest.adversarial.set(nearest.image, at * pixels);
    strongest.predicted[at] = nearest.predicted;
    strongest.success[at] = true;
  });
  return strongest;
}
