import { dispose, engine } from '@tensorflow/tfjs-core';

/**
 * Does work that takes gradients; where it fails, frees what TensorFlow.js kept for the backward pass.
 *
 * TensorFlow.js 4.22 frees that only where a gradient ends well: where memory runs out in the middle, what was kept would be
 * missing from the next attempt.
 */
export function differentiated<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const { state } = engine();
    if (state.gradientDepth === 0) for (const { saved } of state.activeTape ?? []) dispose(saved ?? []);
    throw error;
  }
}
