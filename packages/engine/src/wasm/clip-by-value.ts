import { ClipByValue, util, type ClipByValueAttrs } from '@tensorflow/tfjs-core';
import { wasmKernel, type Inputs } from './kernel.js';

/**
 * Values held within bounds. NaN stays NaN: tfjs-backend-wasm makes the lower bound of it, which would hide a broken
 * gradient, and it takes integers for floats.
 */
export const clipByValue = wasmKernel(
  ClipByValue,
  (scope, { x }: Inputs<'x'>, { clipValueMin, clipValueMax }: ClipByValueAttrs) => {
    const out = scope.allocate(x.shape, x.dtype);
    const [values, clipped] = [scope.values(x), scope.values(out)];
    for (let i = 0; i < util.sizeFromShape(x.shape); i++) {
      const value = values[i]!;
      clipped[i] = value < clipValueMin ? clipValueMin : value > clipValueMax ? clipValueMax : value;
    }
    return out;
  },
);
