import type { Machine } from './machine.js';

const GIB = 2 ** 30;

/**
 * What a child needs at least, in bytes: training papernot-mnist in batches of 128 peaks at 270 MiB on wasm
 * (bench/children), and CIFAR-10 takes 700 MiB of pixels.
 */
export const CHILD_FOOTPRINT = GIB;
/** The share of the memory that the children may hold together; the rest is for the worker, the page cache and others. */
const CHILDREN_SHARE = 0.8;

/** How many compute children a worker keeps busy, and what each may hold. */
export interface PoolPlan {
  readonly concurrency: number;
  /** What decided that number, in a sentence. */
  readonly why: string;
  /** Bytes that one child may hold. */
  readonly childMemory: number;
}

/**
 * One thread a child, and a child a core, as far as the memory goes; on GPUs a child a GPU.
 *
 * A step of training is many small operations one after the other, which threads help little; children need nothing of
 * each other (bench/children measures both).
 *
 * @param engine the name of the engine that the children compute with
 * @param given what a person has decided: tasks at once, and bytes a child
 */
export function planPool(
  { cores, coreQuota = cores, memory, gpus }: Machine,
  engine: string,
  given: { concurrency?: number; childMemory?: number } = {},
): PoolPlan {
  const forChildren = CHILDREN_SHARE * memory;
  const footprint = given.childMemory ?? CHILD_FOOTPRINT;
  const bounds = [
    ...(runsOnGpu(engine)
      ? [{ count: engine === 'webgpu' ? 1 : gpus.length, what: engine === 'webgpu' ? 'GPU that webgpu takes' : 'GPUs' }]
      : [
          { count: cores, what: 'cores' },
          { count: Math.floor(coreQuota), what: `cores' worth of time that the control group grants` },
        ]),
    {
      count: Math.floor(forChildren / footprint),
      what: `children of ${inGiB(footprint)} in ${inGiB(memory)} of memory`,
    },
  ].map(({ count, what }) => ({ count: Math.max(1, count), what }));
  const tightest = bounds.reduce((least, bound) => (bound.count < least.count ? bound : least));
  const concurrency = given.concurrency ?? tightest.count;
  const measured = `${tightest.count} ${tightest.what}`;
  return {
    concurrency,
    why:
      given.concurrency === undefined
        ? `one thread and one child for each of ${measured}`
        : `RETORT_CONCURRENCY; without it ${tightest.count}, for ${measured}`,
    childMemory: given.childMemory ?? Math.floor(forChildren / concurrency),
  };
}

/** Whether an engine computes on a GPU. */
export function runsOnGpu(engine: string): boolean {
  return engine === 'tfjs-node-gpu' || engine === 'webgpu';
}

function inGiB(bytes: number): string {
  return `${(bytes / GIB).toPrecision(3)} GiB`;
}
