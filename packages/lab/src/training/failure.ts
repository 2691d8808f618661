import type { Reason } from '@retort/contracts';

/** The training diverged: a number that is not finite. */
export interface Diverged {
  readonly reason: Extract<Reason, 'diverged'>;
  readonly epoch: number;
  /** What was not finite. */
  readonly what: 'loss' | 'weights' | 'validation loss';
  /** The step within the epoch, from 1; absent where it was found at the end of the epoch. */
  readonly step?: number;
  /** The loss or the first weight that was not finite. */
  readonly value: number;
  readonly learning_rate: number;
}

/** The net gives one class whatever it sees. */
export interface ConstantOutput {
  readonly reason: Extract<Reason, 'constant_output'>;
  readonly epoch: number;
  /** The class that it gives. */
  readonly class: number;
  /** How many validation examples get that class. */
  readonly predicted: number;
  /** How many validation examples are of that class. */
  readonly labelled: number;
  readonly examples: number;
  /** Whether the logits were equal, bit for bit, for every example: such a net can learn no more. */
  readonly logits_equal: boolean;
}

/** The net learnt too little for attack rates on it to mean anything. */
export interface AccuracyBelowMinimum {
  readonly reason: Extract<Reason, 'accuracy_below_minimum'>;
  readonly epoch: number;
  readonly correct: number;
  readonly examples: number;
  readonly minimum_accuracy: number;
}

/** Why a training has no result, with what was measured. */
export type TrainingEvidence = Diverged | ConstantOutput | AccuracyBelowMinimum;

/** A training that ended in no usable net. */
export class TrainingFailure extends Error {
  override readonly name = 'TrainingFailure';

  constructor(readonly evidence: TrainingEvidence) {
    super(describe(evidence));
  }

  get reason(): TrainingEvidence['reason'] {
    return this.evidence.reason;
  }
}

function describe(evidence: TrainingEvidence): string {
  switch (evidence.reason) {
    case 'diverged': {
      const when =
        evidence.step === undefined
          ? `after epoch ${evidence.epoch}`
          : `at step ${evidence.step} of epoch ${evidence.epoch}`;
      return (
        `the training diverged: ${when} a value of the ${evidence.what} was ${evidence.value} at the learning rate ` +
        `${evidence.learning_rate}; take a lower learning_rate.base, or the rule 'sqrt-temperature' in place of 'temperature'`
      );
    }
    case 'constant_output': {
      const help = evidence.logits_equal
        ? `its ReLUs are all off and no gradient passes, so take a lower learning_rate.base, or the rule 'sqrt-temperature' in place of 'temperature'`
        : `take more epochs, the learning_rate.rule 'sqrt-temperature' in place of 'constant', or output_scale 'temperature'`;
      return (
        `the net gives class ${evidence.class} to ${evidence.predicted} of ${evidence.examples} validation examples after epoch ` +
        `${evidence.epoch}, though only ${evidence.labelled} are of that class; ${help}`
      );
    }
    case 'accuracy_below_minimum':
      return (
        `${evidence.correct} of ${evidence.examples} validation examples are right after epoch ${evidence.epoch}, fewer than the ` +
        `minimum_accuracy of ${evidence.minimum_accuracy}; train for more epochs or on more images, or let the learning rate ` +
        `follow the temperature by the rule 'sqrt-temperature'`
      );
  }
}
