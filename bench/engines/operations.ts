import { check, TrainingSettings } from '@retort/contracts';
import { lossGradients, lossNamed, predictLogits, train, type Examples, type Net } from '@retort/lab';
import { Random } from '@retort/random';
import { CLASSES, INPUT_SHAPE } from './nets.js';

/** What an engine is measured at, each on batches of {@link BATCH} images. */
export const OPERATIONS = ['train', 'gradient', 'forward'] as const;
export type Operation = (typeof OPERATIONS)[number];

export const BATCH = 128;

/** A clock's reading, in seconds. */
export type Clock = () => number;

export const wallClock: Clock = () => performance.now() / 1000;

/** The time that the processor has spent on this process. */
export const processorClock: Clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/**
 * Does an operation on some batches, through the lab's own functions, as jobs do.
 *
 * @returns the seconds that it took
 */
export async function timed(operation: Operation, net: Net, batches: number, clock = wallClock): Promise<number> {
  const { images, labels } = noise(operation === 'train' ? batches * BATCH : BATCH);
  const started = clock();
  if (operation === 'train') await trainFor(batches, net, { images, labels });
  for (let batch = 0; operation !== 'train' && batch < batches; batch++) {
    if (operation === 'forward') await predictLogits(net, images, BATCH, BATCH);
    else await lossGradients(net, images, labels, lossNamed('cross-entropy', 1));
  }
  return clock() - started;
}

/** Steps with momentum; stopped before the net is judged, which noise teaches nothing. */
async function trainFor(steps: number, net: Net, data: Pick<Examples, 'images' | 'labels'>): Promise<void> {
  const settings = check(TrainingSettings, {
    temperature: 1,
    epochs: 1,
    batch_size: BATCH,
    optimizer: { name: 'momentum', momentum: 0.9 },
    learning_rate: { base: 1e-4, rule: 'constant' },
  });
  if (!settings.ok) throw new Error(JSON.stringify(settings.problems));
  const enough = new AbortController();
  const examples = { ...data, count: data.labels.length, inputShape: INPUT_SHAPE, classes: CLASSES };
  const ended = train({
    net,
    data: examples,
    validation: { ...examples, count: 1, images: data.images.slice(0, 28 * 28), labels: data.labels.slice(0, 1) },
    settings: settings.value as TrainingSettings,
    seed: 0,
    signal: enough.signal,
    onStep: ({ step }) => {
      if (step === steps) enough.abort();
    },
  });
  await ended.catch((error: unknown) => {
    if (!enough.signal.aborted) throw error;
  });
}

function noise(count: number): Pick<Examples, 'images' | 'labels'> {
  const random = Random.stream(0, 'bench/noise');
  return {
    images: Float32Array.from({ length: count * 28 * 28 }, () => random.uniform()),
    labels: Uint8Array.from({ length: count }, (_, at) => at % CLASSES),
  };
}
