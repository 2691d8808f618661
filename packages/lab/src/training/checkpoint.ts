import { Random, type RandomState } from '@retort/random';
import type { Net } from '../nets/net.js';
import { encodeWeights, restoreWeights } from '../weights/weights.js';
import type { BestEpoch } from './early-stopping.js';
import type { Optimizer } from './optimizer.js';
import type { EpochReport } from './report.js';
import type { WeightAverage } from './weight-average.js';

/**
 * A training after a whole number of epochs: all that the rest of it depends on.
 *
 * It is plain data, so that `v8.serialize` makes one file of it.
 */
export interface Checkpoint {
  /** How many epochs are done. */
  readonly epoch: number;
  /** The weights, as `encodeWeights` gives them. */
  readonly weights: Uint8Array;
  /** What the optimizer remembers. */
  readonly optimizer: Uint8Array;
  readonly random: RandomStates;
  /** The moving average of the weights, where one is kept. */
  readonly average?: Uint8Array;
  /** The best epoch so far, where the training may stop early. */
  readonly best?: BestEpoch;
  /** The reports of the epochs done. */
  readonly epochs: readonly EpochReport[];
}

/** Where the streams of random numbers of a training stand. */
export interface RandomStates {
  readonly shuffle: RandomState;
  readonly dropout: RandomState;
  readonly search: RandomState;
}

/** The streams of random numbers of a training. */
export interface RandomStreams {
  readonly shuffle: Random;
  readonly dropout: Random;
  /** Where the search of a defence starts. */
  readonly search: Random;
}

/** The streams of a seed, or those of a checkpoint as it left them. */
export function randomStreams(seed: number, resumed?: RandomStates): RandomStreams {
  const stream = (name: keyof RandomStates) => (resumed ? new Random(resumed[name]) : Random.stream(seed, name));
  return { shuffle: stream('shuffle'), dropout: stream('dropout'), search: stream('search') };
}

/** All that a training changes as it goes on. */
export interface TrainingState {
  readonly net: Net;
  readonly optimizer: Optimizer;
  readonly streams: RandomStreams;
  readonly average: WeightAverage | undefined;
  readonly best: BestEpoch | undefined;
  readonly epochs: readonly EpochReport[];
}

/** Writes down a training as it stands. */
export async function takeCheckpoint(state: TrainingState): Promise<Checkpoint> {
  const { net, optimizer, streams, average, best, epochs } = state;
  return {
    epoch: epochs.length,
    weights: await encodeWeights(net),
    optimizer: await optimizer.state(),
    random: { shuffle: streams.shuffle.state, dropout: streams.dropout.state, search: streams.search.state },
    ...(average && { average: await average.state() }),
    ...(best && { best }),
    epochs: [...epochs],
  };
}

/**
 * Puts a net, its optimizer and its average back to where a checkpoint was taken.
 *
 * @throws Error when it is the checkpoint of another net or other settings
 */
export function restoreCheckpoint(
  { net, optimizer, average }: Pick<TrainingState, 'net' | 'optimizer' | 'average'>,
  checkpoint: Checkpoint,
): void {
  optimizer.restore(checkpoint.optimizer);
  restoreWeights(net, checkpoint.weights);
  if (!average) return;
  if (!checkpoint.average)
    throw new Error('the checkpoint holds no average of the weights, but the settings ask for one');
  average.restore(checkpoint.average);
}
