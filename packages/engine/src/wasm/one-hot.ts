import { OneHot, util, type OneHotAttrs } from '@tensorflow/tfjs-core';
import { wasmKernel, type Inputs } from './kernel.js';

/**
 * One-hot vectors, `out[..., c] = indices[...] = c ? onValue : offValue`; an index outside `[0, depth)` gives offValue
 * throughout. tfjs-backend-wasm writes integers whatever the dtype, so that its float32 vectors are wrong.
 */
export const oneHot = wasmKernel(
  OneHot,
  (scope, { indices }: Inputs<'indices'>, { depth, onValue, offValue, dtype }: OneHotAttrs) => {
    const out = scope.allocate([...indices.shape, depth], dtype);
    const places = scope.values<Int32Array>(indices);
    const values = scope.values<Float32Array | Int32Array | Uint8Array>(out);
    values.fill(offValue);
    for (let row = 0; row < util.sizeFromShape(indices.shape); row++) {
      const place = places[row]!;
      if (place >= 0 && place < depth) values[row * depth + place] = onValue;
    }
    return out;
  },
);
