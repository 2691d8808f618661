import { Identity } from '@tensorflow/tfjs-core';
import { wasmKernel, type Inputs } from './kernel.js';

/** The tensor itself under another handle: tfjs-backend-wasm copies it, weights and gradients included. */
export const identity = wasmKernel(Identity, (scope, { x }: Inputs<'x'>) => scope.share(x));
