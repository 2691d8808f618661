import type { TrainingSettings } from '@retort/contracts';
import type { Net } from '../nets/net.js';
import { TrainingFailure, type ConstantOutput } from './failure.js';
import type { Validation } from './validation.js';

/** A net is constant when it gives one class to this share of the examples … */
const constantShare = 0.99;
/** … though no more than this share is of that class. */
const honestShare = 0.9;

/**
 * Refuses a net in the middle of a training that cannot end well.
 *
 * A net that gives every example the same logits is dead: behind a layer whose ReLUs are all off no gradient passes, and
 * no further epoch wakes it. A net that merely gives one class is not refused yet, since a large T can hold it there for
 * epochs before it learns.
 *
 * @throws TrainingFailure
 */
export async function assertTrainable(
  net: Net,
  measured: Validation,
  epoch: number,
  learningRate: number,
): Promise<void> {
  const diverged = { reason: 'diverged', epoch, learning_rate: learningRate } as const;
  for (const { variable } of net.parameters) {
    const wrong = (await variable.data<'float32'>()).find((value) => !Number.isFinite(value));
    if (wrong !== undefined) throw new TrainingFailure({ ...diverged, what: 'weights', value: wrong });
  }
  if (!Number.isFinite(measured.loss)) {
    throw new TrainingFailure({ ...diverged, what: 'validation loss', value: measured.loss });
  }
  if (measured.logitsEqual && isConstant(measured)) throw new TrainingFailure(constantOutput(measured, epoch));
}

/**
 * Refuses a finished net that gives one class whatever it sees, or knows too little.
 *
 * @throws TrainingFailure
 */
export function assertUsable(
  measured: Validation,
  { epoch, minimum_accuracy }: Pick<TrainingSettings, 'minimum_accuracy'> & { epoch: number },
): void {
  if (isConstant(measured)) throw new TrainingFailure(constantOutput(measured, epoch));
  const { correct, examples } = measured;
  if (correct < minimum_accuracy * examples) {
    throw new TrainingFailure({ reason: 'accuracy_below_minimum', epoch, correct, examples, minimum_accuracy });
  }
}

function isConstant({ commonest, examples }: Validation): boolean {
  return commonest.predicted >= constantShare * examples && commonest.labelled <= honestShare * examples;
}

function constantOutput({ commonest, examples, logitsEqual }: Validation, epoch: number): ConstantOutput {
  return { reason: 'constant_output', epoch, ...commonest, examples, logits_equal: logitsEqual };
}
