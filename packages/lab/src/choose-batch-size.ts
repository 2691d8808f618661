import { isOutOfMemory } from '@retort/contracts';
import { memory as tensorMemory, profile, sum } from '@tensorflow/tfjs-core';
import type { Classifier } from './classifier.js';
import { backward } from './gradients/backward.js';
import { size } from './nets/plan.js';

/** What is tried where memory and time allow it. */
const TRIED = [32, 128, 512, 2048];
/** What is taken where trying tells nothing else. */
const USUAL = 128;
/** Examples of the first passes, which measure the memory and warm the engine up. */
const FIRST = 4;
/** Milliseconds that the trial may take. */
const BUDGET_MS = 200;
/** By how much another size must be faster than the usual one. */
const WORTHWHILE = 1.1;
/** How much more than the tensors of one pass there may be: a kernel's own intermediates, and what an attack keeps. */
const HEADROOM = 3;

/** What a batch size is chosen by. */
export interface BatchTrial {
  readonly classifier: Classifier;
  /** `count` images, one after the other, pixels in [0, 1]; some of them are tried. */
  readonly images: Float32Array;
  readonly count: number;
  /** Bytes that tensors may take. */
  readonly memory: number;
  readonly signal?: AbortSignal;
  /** Milliseconds; the clock of the machine where absent. */
  readonly now?: () => number;
}

/**
 * The batch size at which gradients of a classifier come fastest, as far as memory goes: forward and backward passes are
 * tried at a few sizes, in a fifth of a second. It is 128, or as many as there are or as fit, where no other is a tenth
 * faster or a pass takes too long to try.
 *
 * A randomised classifier is not tried: each pass draws, so that its answers would depend on how fast the machine is.
 *
 * @throws the signal's reason when it is aborted
 */
export async function chooseBatchSize(trial: BatchTrial): Promise<number> {
  const { classifier, images, count, memory, signal, now = () => performance.now() } = trial;
  if (classifier.randomised) return Math.min(USUAL, count);
  const pixels = size(classifier.inputShape);
  const begun = now();
  /** @returns milliseconds an image */
  const pass = async (examples: number) => {
    signal?.throwIfAborted();
    const start = now();
    await backward(classifier, images.subarray(0, examples * pixels), (logits) => sum(logits));
    return (now() - start) / examples;
  };
  try {
    const first = Math.min(FIRST, count);
    const bytes = (await peakBytes(() => pass(first))) / first;
    const most = Math.min(count, Math.max(1, Math.floor(memory / (HEADROOM * bytes))));
    let expected = await pass(first);
    const perImage = new Map<number, number>();
    for (const tried of TRIED) {
      if (tried > most || now() - begun + tried * expected > BUDGET_MS) break;
      expected = await pass(tried);
      perImage.set(tried, expected);
    }
    return fastest(perImage, Math.min(USUAL, most));
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    return 1;
  }
}

/** The most bytes that the tensors made by some work take at a time. */
async function peakBytes(work: () => Promise<unknown>): Promise<number> {
  const { numBytes } = tensorMemory();
  let failure: Error | undefined;
  // An error within would leave the profiler running.
  const { peakBytes: peak } = await profile(
    async () => void (await work().catch((error: unknown) => void (failure = error as Error))),
  );
  if (failure) throw failure;
  return peak - numBytes;
}

/** The usual size, or another of those tried where that is clearly faster. */
function fastest(perImage: ReadonlyMap<number, number>, usual: number): number {
  let chosen = usual;
  for (const [tried, took] of perImage) {
    if (WORTHWHILE * took < (perImage.get(chosen) ?? 0)) chosen = tried;
  }
  return chosen;
}
