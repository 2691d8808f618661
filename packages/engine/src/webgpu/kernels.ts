import {
  AddN,
  getKernel,
  registerKernel,
  unregisterKernel,
  UnsortedSegmentSum,
  type DataId,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

const WEBGPU = 'webgpu';

/** What is used of the backend class of tfjs-backend-webgpu 4.22. */
interface WebgpuBackend {
  readonly device: { readonly limits: { readonly maxStorageBuffersPerShaderStage: number } };
  disposeData(dataId: DataId): boolean;
}

/** A kernel that takes the place of one of tfjs-backend-webgpu, and is given that one. */
type Correction = (original: KernelFunc) => KernelFunc;

/**
 * The sum of many tensors. tfjs-backend-webgpu 4.22 binds them all at once, and gives zeros where they are more than a
 * shader may read: they are added in groups.
 */
const addN: Correction = (original) => (call) => {
  const backend = call.backend as WebgpuBackend;
  // One of the buffers is that of the result.
  const most = backend.device.limits.maxStorageBuffersPerShaderStage - 1;
  const tensors = Object.values(call.inputs) as TensorInfo[];
  const add = (group: TensorInfo[]) =>
    original({ ...call, inputs: group as unknown as typeof call.inputs }) as TensorInfo;
  let sum = add(tensors.slice(0, most));
  for (let next = most; next < tensors.length; next += most - 1) {
    const before = sum;
    sum = add([before, ...tensors.slice(next, next + most - 1)]);
    backend.disposeData(before.dataId);
  }
  return sum;
};

/** The sum of rows by segment. tfjs-backend-webgpu 4.22 gives for integers the bits of floats: they are refused. */
const unsortedSegmentSum: Correction = (original) => (call) => {
  const { dtype } = call.inputs.x as TensorInfo;
  if (dtype === 'float32') return original(call);
  throw new Error(`${UnsortedSegmentSum} on webgpu takes float32 values, not ${dtype} values`);
};

const CORRECTIONS: Readonly<Record<string, Correction>> = {
  [AddN]: addN,
  [UnsortedSegmentSum]: unsortedSegmentSum,
};

let corrected = false;

/**
 * Corrects the kernels that tfjs-backend-webgpu gets wrong, once a process. The backend must be ready.
 *
 * Known of version 4.22 and left as it is: the gradient of max pooling goes to the last of equal values, where other
 * backends take the first; a place or a segment that does not exist is not noticed; `sin` and `cos` are as exact as the
 * driver's. Retort's nets and attacks use none of the latter two.
 */
export function correctKernels(): void {
  if (corrected) return;
  corrected = true;
  for (const [name, correction] of Object.entries(CORRECTIONS)) {
    const original = getKernel(name, WEBGPU);
    unregisterKernel(name, WEBGPU);
    registerKernel({ ...original, kernelFunc: correction(original.kernelFunc) });
  }
}
