import { readFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { getBackend, getKernelsForBackend, profile } from '@tensorflow/tfjs-core';
import { startEngine } from '@retort/engine';
import { attackNamed, loadNet } from '@retort/lab';
import { BATCH, timed } from '../engines/operations.js';
import { createBenchNet } from '../engines/nets.js';
import { answerRequests } from '../measuring/node-process.js';
import type { Subject } from '../parity/nets.js';
import { sharesOf, type Place } from './places.js';

/** What is looked into: steps of a training, or of an attack on these images. */
export type Work =
  | { readonly kind: 'train'; readonly steps: number }
  | ({ readonly kind: 'cw-l2'; readonly steps: number } & Pick<Subject, 'weights' | 'images' | 'labels'>);

/** Where the time of a work goes. */
export interface Profile {
  readonly images: number;
  readonly milliseconds: number;
  /** The milliseconds in each kernel of TensorFlow.js, the slowest first. */
  readonly kernels: readonly { readonly name: string; readonly calls: number; readonly milliseconds: number }[];
  /** The share of each place in the samples of V8's profiler, the largest first. */
  readonly places: readonly (readonly [Place, number])[];
}

// A process whose time is looked into: the engine is named on the command line.
let started: Promise<unknown> | undefined;

answerRequests<Work, Profile>(async (work) => {
  await (started ??= startEngine({ force: process.argv[2] }));
  const run = await prepared(work);
  await run(); // what is compiled and allocated in the first steps is another matter
  const places = await sampled(run);
  const begun = performance.now();
  const { kernels } = await profile(run as () => Promise<never>);
  const milliseconds = performance.now() - begun;
  const byName = new Map<string, { name: string; calls: number; milliseconds: number }>();
  // An operation with a gradient of its own is in the list too, beside the kernels that it is made of.
  const known = new Set(getKernelsForBackend(getBackend()).map(({ kernelName }) => kernelName));
  for (const { name, kernelTimeMs } of kernels) {
    if (!known.has(name)) continue;
    const { calls, milliseconds: before } = byName.get(name) ?? { calls: 0, milliseconds: 0 };
    byName.set(name, { name, calls: calls + 1, milliseconds: before + Number(await kernelTimeMs) });
  }
  return {
    images: work.kind === 'train' ? BATCH : work.labels.length,
    milliseconds,
    kernels: [...byName.values()].sort((one, other) => other.milliseconds - one.milliseconds),
    places,
  };
});

async function prepared(work: Work): Promise<() => Promise<unknown>> {
  if (work.kind === 'train') {
    const net = createBenchNet('A');
    return () => timed('train', net, work.steps);
  }
  const { weights, images, labels, steps } = work;
  const classifier = loadNet(await readFile(weights));
  return () => attackNamed('cw-l2').run({ classifier, images, labels, seed: 0 }, { steps, binary_search_steps: 1 });
}

async function sampled(run: () => Promise<unknown>): Promise<(readonly [Place, number])[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  await run();
  const { profile: found } = await session.post('Profiler.stop');
  session.disconnect();
  return [...sharesOf(found)];
}
