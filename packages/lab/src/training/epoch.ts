import { setImmediate } from 'node:timers/promises';
import { dispose, stack, tensor, tensor2d, tidy, variableGrads, type Scalar } from '@tensorflow/tfjs-core';
import type { TrainingSettings } from '@retort/contracts';
import type { Examples } from '../examples.js';
import { differentiated } from '../gradients/differentiated.js';
import type { Net } from '../nets/net.js';
import { size } from '../nets/plan.js';
import type { RandomStreams } from './checkpoint.js';
import { TrainingFailure } from './failure.js';
import { learningRateAt } from './learning-rate.js';
import { objective } from './objective.js';
import type { Optimizer } from './optimizer.js';
import type { StepReport } from './report.js';
import type { WeightAverage } from './weight-average.js';

/** A training that is about to go once through its data. */
export interface EpochOptions {
  readonly net: Net;
  readonly data: Examples;
  readonly targets: Float32Array;
  /** What is learnt in place of the targets while the training starts warm at T = 1. */
  readonly labels: Float32Array;
  readonly settings: TrainingSettings;
  readonly optimizer: Optimizer;
  readonly average: WeightAverage | undefined;
  readonly streams: RandomStreams;
  /** From 1. */
  readonly epoch: number;
  readonly signal?: AbortSignal;
  readonly onStep?: (report: StepReport) => void;
}

/** How many losses are read from the engine at once: to read one makes a GPU finish all that it was given. */
const lossesPerRead = 10;

/**
 * One pass over the data in a new random order.
 *
 * @returns the mean loss over the examples, and the learning rate of the last step
 * @throws TrainingFailure when a loss is not finite
 * @throws the signal's reason when it is aborted
 */
export async function trainEpoch(options: EpochOptions): Promise<{ loss: number; learningRate: number }> {
  const { data, settings: given, epoch, streams, signal, onStep } = options;
  const isWarming = epoch <= (given.warm_start_epochs ?? 0);
  const settings = isWarming ? { ...given, temperature: 1 } : given;
  const targets = isWarming ? options.labels : options.targets;
  const batches = inBatches(streams.shuffle.permutation(data.count), settings.batch_size);
  const steps = batches.length;
  const rateAt = (step: number) =>
    learningRateAt(settings.learning_rate, settings.temperature, { epoch, step, steps, epochs: settings.epochs });
  const unread: Scalar[] = [];
  let step = 0;
  let sum = 0;
  try {
    for (const [index, batch] of batches.entries()) {
      signal?.throwIfAborted();
      const progress = epoch - 1 + (index + 1) / steps;
      unread.push(trainStep({ ...options, settings, targets }, batch, rateAt(index + 1), progress));
      options.average?.update();
      if (unread.length === lossesPerRead || index === steps - 1) {
        for (const loss of await readScalars(unread.splice(0))) {
          sum += loss * batches[step]!.length;
          step += 1;
          const learning_rate = rateAt(step);
          if (!Number.isFinite(loss)) {
            throw new TrainingFailure({
              reason: 'diverged',
              epoch,
              step,
              what: 'loss',
              value: loss,
              learning_rate,
            });
          }
          onStep?.({ epoch, step, steps, loss, learning_rate });
        }
      }
      await setImmediate();
    }
  } finally {
    dispose(unread);
  }
  return { loss: sum / data.count, learningRate: rateAt(steps) };
}

/** Moves the net against the gradient of one batch, and gives the loss before the step. */
function trainStep(
  { net, data, targets, settings, optimizer, streams }: EpochOptions,
  batch: Uint32Array,
  rate: number,
  progress: number,
) {
  return tidy(() => {
    const images = tensor(gather(data.images, batch, size(data.inputShape)), [batch.length, ...data.inputShape]);
    const wanted = tensor2d(gather(targets, batch, net.classes), [batch.length, net.classes]);
    const loss = objective(net, { images, targets: wanted }, settings, streams, progress);
    const variables = net.parameters.map(({ variable }) => variable);
    const { value, grads } = differentiated(() => variableGrads(loss, variables));
    optimizer.apply(
      variables.map(({ name }) => grads[name]!),
      rate,
    );
    return value;
  });
}

function inBatches(order: Uint32Array, batchSize: number): Uint32Array[] {
  return Array.from({ length: Math.ceil(order.length / batchSize) }, (_, index) =>
    order.subarray(index * batchSize, (index + 1) * batchSize),
  );
}

/** The chosen rows of a table whose rows are `width` long. */
function gather(table: Float32Array, chosen: Uint32Array, width: number): Float32Array {
  const rows = new Float32Array(chosen.length * width);
  for (const [to, from] of chosen.entries()) rows.set(table.subarray(from * width, (from + 1) * width), to * width);
  return rows;
}

/** The values of scalars, read in one go; disposes them. */
async function readScalars(scalars: Scalar[]): Promise<Float32Array> {
  const together = tidy(() => stack(scalars));
  dispose(scalars);
  try {
    return await together.data<'float32'>();
  } finally {
    together.dispose();
  }
}
