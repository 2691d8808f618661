import type { TrainingSettings } from '@retort/contracts';
import { exampleClasses } from '../classifier.js';
import { assertExamples, type Examples } from '../examples.js';
import type { Net } from '../nets/net.js';
import { restoreWeights } from '../weights/weights.js';
import { randomStreams, restoreCheckpoint, takeCheckpoint, type Checkpoint } from './checkpoint.js';
import { betterEpoch, isExhausted } from './early-stopping.js';
import { trainEpoch } from './epoch.js';
import { assertTrainable, assertUsable } from './judgement.js';
import { Optimizer } from './optimizer.js';
import type { EpochReport, StepReport, TrainingOutcome } from './report.js';
import { assertTargets, oneHot, smoothed } from './targets.js';
import { validate, type Validation } from './validation.js';
import { WeightAverage } from './weight-average.js';

/** What a training works on, and whom it tells. */
export interface TrainingOptions {
  /** Changed in place; after a failure its weights mean nothing. */
  readonly net: Net;
  readonly data: Examples;
  /** `data.count x net.classes` probabilities to learn in place of the labels, such as a teacher's. */
  readonly targets?: Float32Array;
  /** Examples that are not trained on, which decide whether the net is usable. */
  readonly validation: Examples;
  readonly settings: TrainingSettings;
  /** Orders the examples, chooses the units dropped and where a defence starts its search; any integer. */
  readonly seed: number;
  /** Looked at before every batch. */
  readonly signal?: AbortSignal;
  /** Hears of every step, in order, some steps late: losses are read from the engine in groups. */
  readonly onStep?: (report: StepReport) => void;
  readonly onEpoch?: (report: EpochReport) => void | Promise<void>;
  /** Gets a checkpoint after every epoch, once `onEpoch` is done. */
  readonly checkpoint?: (checkpoint: Checkpoint) => void | Promise<void>;
  /** Where to go on from; data, settings and seed must be those of the run that took it. */
  readonly resume?: Checkpoint;
}

/**
 * Trains a net at a softmax temperature, by minibatches in a new random order each epoch.
 *
 * The last batch of an epoch is smaller where the batch size does not divide the examples; its loss is the mean over its
 * own examples. The net ends with the average of its weights where the settings keep one, and with those of its best
 * epoch where they let it stop early. On a CPU engine the same seed gives the same weights, bit for bit, whether or not the run was resumed.
 *
 * @returns the reports of all epochs, those before a resumed checkpoint included
 * @throws TrainingFailure when the training diverged, or the net gives one class only or is below `minimum_accuracy`
 * @throws RangeError when the examples, the targets or the net do not fit each other
 * @throws the signal's reason when it is aborted
 */
export async function train(options: TrainingOptions): Promise<TrainingOutcome> {
  const { net, data, validation, settings, resume, signal } = options;
  const hot = oneHot(data.labels, net.classes);
  const given = options.targets ?? hot;
  assertFit(net, data, validation, given);
  const { label_smoothing = 0 } = settings;
  const targets = smoothed(given, net.classes, label_smoothing);
  const labels = smoothed(hot, net.classes, label_smoothing);

  const streams = randomStreams(options.seed, resume?.random);
  const optimizer = new Optimizer(settings.optimizer, net.parameters);
  const { average_decay, early_stopping } = settings;
  const average = average_decay === undefined ? undefined : new WeightAverage(average_decay, net.parameters);
  const epochs = [...(resume?.epochs ?? [])];
  let best = resume?.best;
  let measured: Validation | undefined;
  try {
    if (resume) restoreCheckpoint({ net, optimizer, average }, resume);
    while (epochs.length < settings.epochs && !(early_stopping && isExhausted(best, early_stopping, epochs.length))) {
      const started = performance.now();
      const epoch = epochs.length + 1;
      const { loss, learningRate } = await trainEpoch({
        ...options,
        targets,
        labels,
        optimizer,
        average,
        streams,
        epoch,
      });
      average?.exchange();
      measured = await validate(net, validation, settings.temperature, signal);
      await assertTrainable(net, measured, epoch, learningRate);
      if (early_stopping) best = await betterEpoch(best, early_stopping, { net, measured, epoch });
      average?.exchange();
      const seconds = (performance.now() - started) / 1000;
      const report = reportEpoch({ epoch, loss, learningRate, measured, seconds });
      epochs.push(report);
      await options.onEpoch?.(report);
      await options.checkpoint?.(await takeCheckpoint({ net, optimizer, streams, average, best, epochs }));
    }
    average?.exchange();
    if (best && best.epoch < epochs.length) {
      restoreWeights(net, best.weights);
      measured = undefined;
    }
  } finally {
    optimizer.dispose();
    average?.dispose();
  }
  measured ??= await validate(net, validation, settings.temperature, signal);
  const epoch = best?.epoch ?? epochs.length;
  assertUsable(measured, { epoch, minimum_accuracy: settings.minimum_accuracy });
  return { epochs, epoch, validation: { correct: measured.correct, examples: measured.examples } };
}

function reportEpoch({
  epoch,
  loss,
  learningRate,
  measured,
  seconds,
}: {
  epoch: number;
  loss: number;
  learningRate: number;
  measured: Validation;
  seconds: number;
}): EpochReport {
  return {
    epoch,
    train_loss: loss,
    validation_accuracy: measured.correct / measured.examples,
    validation_loss: measured.loss,
    learning_rate: learningRate,
    seconds,
  };
}

function assertFit(net: Net, data: Examples, validation: Examples, targets: Float32Array): void {
  for (const [what, examples] of [['training', data] as const, ['validation', validation] as const]) {
    assertExamples(examples, what);
    const fits = examples.inputShape.join() === net.inputShape.join() && examples.classes === exampleClasses(net);
    if (!fits) {
      throw new RangeError(
        `the net takes [${net.inputShape.join(', ')}] and knows ${exampleClasses(net)} classes, but the ${what} examples are ` +
          `[${examples.inputShape.join(', ')}] of ${examples.classes} classes`,
      );
    }
  }
  assertTargets(targets, data.count, net.classes);
}
