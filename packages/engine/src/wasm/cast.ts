import { Cast, util, type CastAttrs } from '@tensorflow/tfjs-core';
import { wasmKernel, type Inputs } from './kernel.js';

/** A change of dtype. tfjs-backend-wasm casts to bool by cutting numbers to their lowest byte; here 0 is false alone. */
export const cast = wasmKernel(Cast, (scope, { x }: Inputs<'x'>, { dtype }: CastAttrs) => {
  if (dtype === x.dtype) return scope.share(x);
  if (dtype !== 'bool' || (x.dtype !== 'float32' && x.dtype !== 'int32')) return scope.run(Cast, { x }, { dtype });
  const out = scope.allocate(x.shape, 'bool');
  const numbers = scope.values<Float32Array | Int32Array>(x);
  const truths = scope.values<Uint8Array>(out);
  for (let i = 0; i < util.sizeFromShape(x.shape); i++) truths[i] = numbers[i] === 0 ? 0 : 1;
  return out;
});
