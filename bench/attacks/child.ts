import { readFile } from 'node:fs/promises';
import type { AttackName } from '@retort/contracts';
import { startEngine, type EngineDescription } from '@retort/engine';
import { attackNamed, loadNet, type AttackOutcome, type Net } from '@retort/lab';
import { processorClock, wallClock } from '../engines/operations.js';
import { answerRequests } from '../measuring/node-process.js';
import { countForwards } from '../parity/count-forwards.js';
import type { Subject } from '../parity/nets.js';

/** Loads an engine, a net, and the examples that are attacked. */
export interface Load extends Pick<Subject, 'weights' | 'images' | 'labels'> {
  readonly engine: string;
}

/** A share of the examples, from one up to another. */
export interface Shard {
  readonly attack: AttackName;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly first: number;
  readonly end: number;
  /** Whether its seconds are the processor's. */
  readonly processorTime: boolean;
}

/** What an attack on a share gave. */
export interface Attacked {
  readonly outcome: AttackOutcome;
  /** All images that went through the net, those of the gradients included. */
  readonly forwards: number;
  /** What the attack itself took: PyTorch's processes are timed from within too. */
  readonly seconds: number;
}

// A process that attacks its share of the examples, as a compute child of a worker does.
let loaded: Load & { readonly net: Net };

answerRequests<Load | Shard, EngineDescription | Attacked>(async (request) => {
  if ('weights' in request) {
    const { description } = await startEngine({ force: request.engine });
    loaded = { ...request, net: loadNet(await readFile(request.weights)) };
    return description;
  }
  const { attack, parameters, first, end } = request;
  const clock = request.processorTime ? processorClock : wallClock;
  const pixels = loaded.images.length / loaded.labels.length;
  const images = loaded.images.slice(first * pixels, end * pixels);
  const labels = loaded.labels.slice(first, end);
  const indices = labels.map((_, at) => first + at);
  const counted = countForwards(loaded.net);
  const started = clock();
  const outcome = await attackNamed(attack).run(
    { classifier: counted.classifier, images, labels, indices, seed: 0 },
    parameters,
  );
  return { outcome, forwards: counted.forwards(), seconds: clock() - started };
});
