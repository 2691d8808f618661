import type { Evaluation } from '@retort/contracts';
import { inputGradient } from '../metrics/input-gradient.js';
import { accuracy } from '../metrics/accuracy.js';
import { assail } from './assail.js';
import type { Battery } from './battery.js';
import type { BlowRecord } from './blows.js';
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
import { wrongDirection } from './checks/wrong-direction.js';
import { leadsNowhere, zeroGradients } from './checks/zero-gradients.js';
import { beginSiege, type EvaluateOptions } from './siege.js';
import { judge } from './verdict.js';

export type { EvaluateOptions, EvaluationCheckpoint } from './siege.js';

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
  const { classifier, images, batchSize, signal, surrogates = [] } = options;
  const siege = await beginSiege(options);
  const { threat, budget, known, randomised, labels, correct, standing, battery } = siege;
  siege.stages('input gradients', 0);
  const gradient = await inputGradient({ classifier, ...standing, batchSize, signal });
  const useless = leadsNowhere(gradient) || known.probabilities.rate > 0.5;
  const quick = threat.effort === 'quick' && !useless;
  const found = await assail(siege, { decisions: !quick, probeHidden: true });

  const { naive, single, informed, naiveRobustAccuracy } = found;
  const { all, robustAccuracy } = battery;
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
    blackBox(found.byScores),
    decisionBased(
      found.byDecisions,
      quick ? 'a quick evaluation tries it only where gradients are of no use.' : undefined,
    ),
    transfer(
      surrogates.map(({ name }) => name),
      found.byTransfer,
    ),
    randomNoise(found.byNoise),
    growingEpsilon(found.points),
    largeEpsilon(found.largest, found.points.at(-1)!.fooled),
    convergence(all.length, found.longer),
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

/**
 * Runs the attacks of an evaluation on some of its images, for `evaluate` to go on from with what is found of all.
 *
 * What only all the images together can tell is left to that: whether some examples hide behind a masked gradient, and
 * of a quick evaluation whether gradients are of any use.
 *
 * @param within the images, from one up to another
 * @throws as `evaluate` does
 */
export async function evaluatePart(
  options: EvaluateOptions,
  within: readonly [from: number, to: number],
): Promise<BlowRecord> {
  const siege = await beginSiege(options, within);
  await assail(siege, { decisions: siege.threat.effort !== 'quick', probeHidden: false });
  return siege.blows.record;
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
