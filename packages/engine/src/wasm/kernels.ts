import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { getKernel } from '@tensorflow/tfjs-core';
import { batchMatMul, fusedMatMul } from './batch-mat-mul.js';
import { cast } from './cast.js';
import { checkedWindows } from './checked-windows.js';
import { clipByValue } from './clip-by-value.js';
import { conv2d, fusedConv2d } from './conv2d.js';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.js';
import { conv2dBackpropInput } from './conv2d-backprop-input.js';
import { depthwiseBackpropFilter } from './depthwise-backprop-filter.js';
import { depthwiseBackpropInput } from './depthwise-backprop-input.js';
import { gather } from './gather.js';
import { identity } from './identity.js';
import { WASM, type WasmKernel } from './kernel.js';
import { maxPoolGrad } from './max-pool-grad.js';
import { loadNativeKernels } from './native.js';
import { oneHot } from './one-hot.js';
import { select } from './select.js';
import { slice } from './slice.js';
import { sum } from './sum.js';
import { unsortedSegmentSum } from './unsorted-segment-sum.js';

/**
 * The kernels that tfjs-backend-wasm needs for training: those that it lacks, is slow at, or gets wrong.
 *
 * Known of version 4.22 and left as it is, since Retort's nets and attacks use none of it: no Einsum and no Fourier
 * transforms; wrong gradients of Conv3D and of resizing to the nearest neighbour; `maximum`, `minimum` and `relu6` may
 * give a number where an input is NaN.
 */
export const TRAINING_KERNELS: readonly WasmKernel[] = [
  conv2d,
  fusedConv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  unsortedSegmentSum,
  batchMatMul,
  fusedMatMul,
  maxPoolGrad,
  sum,
  slice,
  identity,
  oneHot,
  cast,
  select,
  clipByValue,
  gather,
  ...checkedWindows,
];

/** Registers the training kernels, once a process, and binds them to the backend. The wasm backend must be ready. */
export function registerTrainingKernels(backend: BackendWasm): void {
  loadNativeKernels(backend);
  // A kernel that tfjs-backend-wasm lacks is there only after this function has run.
  if (getKernel(conv2dBackpropFilter.name, WASM)) return;
  for (const kernel of TRAINING_KERNELS) kernel.register();
}
