import { readFile } from 'node:fs/promises';
import type { AttackName } from '@retort/contracts';
import { startEngine, type EngineDescription } from '@retort/engine';
import { attackNamed, loadNet, type AttackOutcome, type Net } from '@retort/lab';
import { answerRequests } from '../measuring/node-process.js';

/** Loads an engine and a net. */
export interface Load {
  readonly engine: string;
  /** Path of the safetensors file. */
  readonly weights: string;
}

/** A share of the examples. */
export interface Shard {
  readonly attack: AttackName;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly images: Float32Array;
  readonly labels: readonly number[];
  /** The place of the first of them among all examples, which names their random streams. */
  readonly first: number;
}

// A process that attacks its share of the examples, as a compute child of a worker does.
let classifier: Net;

answerRequests<Load | Shard, EngineDescription | AttackOutcome>(async (request) => {
  if ('weights' in request) {
    const { description } = await startEngine({ force: request.engine });
    classifier = loadNet(await readFile(request.weights));
    return description;
  }
  const { attack, parameters, images, labels, first } = request;
  const indices = labels.map((_, at) => first + at);
  return attackNamed(attack).run({ classifier, images, labels, indices, seed: 0 }, parameters);
});
