/** One step of a training. */
export interface StepReport {
  /** From 1. */
  readonly epoch: number;
  /** Within the epoch, from 1. */
  readonly step: number;
  /** How many steps an epoch has. */
  readonly steps: number;
  /** What the step lowers, before it: mean cross-entropy of the batch at T, or what a defence makes of it, plus the weight decay. */
  readonly loss: number;
  readonly learning_rate: number;
}

/** One epoch of a training. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  /** The mean of the loss of its steps over the examples. */
  readonly train_loss: number;
  /** Share of the validation examples that the net, or the average of its weights, has right after the epoch. */
  readonly validation_accuracy: number;
  /** Mean cross-entropy of the validation examples at T, after the epoch. */
  readonly validation_loss: number;
  /** Of the last step. */
  readonly learning_rate: number;
  /** Wall time of the epoch, validation included; for information only. */
  readonly seconds: number;
}

/** What a training that succeeded came to; the weights are in the net. */
export interface TrainingOutcome {
  readonly epochs: readonly EpochReport[];
  /** The epoch whose weights the net has: the last or, where it may stop early, the best. */
  readonly epoch: number;
  /** Of the finished net. */
  readonly validation: { readonly correct: number; readonly examples: number };
}
