import { check, EvaluationParameters, type EvaluationParameters as Threat } from '@retort/contracts';
import type { AttackCheckpoint } from '../attacks/checkpoint.js';
import type { BatchSize } from '../batch-size.js';
import type { Classifier } from '../classifier.js';
import { size } from '../nets/plan.js';
import { predictLabels } from '../predict.js';
import { mostFrequentLabels } from '../randomised/most-frequent-labels.js';
import { Battery } from './battery.js';
import { Blows, type BlowRecord } from './blows.js';
import { budgetOf, type Budget } from './budget.js';
import { survey, type Survey } from './survey.js';

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
  /** Is offered a checkpoint between two iterations of every attack, and between two attacks. */
  readonly onCheckpoint?: (take: () => EvaluationCheckpoint) => void | Promise<void>;
  /**
   * Where to go on from, with the same outcome as if nothing had happened, unless the classifier is randomised: what was
   * found by an interrupted run, or by those of several parts. All else but the batch size must be as it was.
   */
  readonly resume?: EvaluationCheckpoint;
}

/** An evaluation between two iterations of its attacks. Plain data, which `v8.serialize` keeps. */
export interface EvaluationCheckpoint {
  readonly blows: BlowRecord;
  /** Where the attack stands that runs. */
  readonly running?: AttackCheckpoint;
}

/** What the attacks of an evaluation need to begin. */
export interface Siege {
  readonly options: EvaluateOptions;
  readonly threat: Threat;
  readonly budget: Budget;
  readonly known: Survey;
  readonly randomised: boolean;
  /** The labels of the images given. */
  readonly labels: readonly number[];
  /** The places of those that the classifier gets right when clean, which are attacked. */
  readonly correct: readonly number[];
  /** The images, labels and dataset places of those. */
  readonly standing: { readonly images: Float32Array; readonly labels: number[]; readonly indices: number[] };
  readonly blows: Blows;
  readonly battery: Battery;
  /** Is told which stage runs, and which share of it is done. */
  readonly stages: (stage: string, share: number) => void;
}

/**
 * Looks at the classifier's answers to the clean images, and makes the battery ready.
 *
 * @param within the images, from one up to another, on which attacks are run; all where absent
 * @throws RangeError for parameters out of range, or when the classifier gets no example right
 */
export async function beginSiege(options: EvaluateOptions, within?: readonly [number, number]): Promise<Siege> {
  const { classifier, images, batchSize, signal, seed, surrogates = [], resume, onCheckpoint } = options;
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
  const blows = new Blows(resume?.blows ?? new Map());
  const stages = progressOver(STAGES + surrogates.length, options.onProgress);
  const battery = new Battery({
    ...{ classifier, ...standing, threat, seed, batchSize, signal, onProgress: stages, blows },
    predict: async (some, count) =>
      randomised
        ? mostFrequentLabels(classifier, some, count, passes)
        : Array.from(await predictLabels(classifier, some, count, batchSize, signal)),
    ...(within && { within: placesWithin(correct, within) }),
    resume: resume?.running,
    onCheckpoint: onCheckpoint && ((take) => onCheckpoint(() => ({ blows: blows.record, running: take() }))),
  });
  return { options, threat, budget, known, randomised, labels, correct, standing, blows, battery, stages };
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

function placesWithin(correct: readonly number[], [from, to]: readonly [number, number]): Set<number> {
  return new Set([...correct.keys()].filter((place) => from <= correct[place]! && correct[place]! < to));
}

function imagesAt(images: Float32Array, places: readonly number[], pixels: number): Float32Array {
  const chosen = new Float32Array(places.length * pixels);
  places.forEach((from, to) => chosen.set(images.subarray(from * pixels, (from + 1) * pixels), to * pixels));
  return chosen;
}
