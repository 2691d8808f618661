import {
  getKernel,
  registerKernel,
  unregisterKernel,
  type KernelConfig,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

export const WASM = 'wasm';

/** The kernels of tfjs-backend-wasm that ours took the place of, so that ours can still build on them. */
const replaced = new Map<string, KernelConfig>();

/**
 * What a kernel works with: the other wasm kernels, the wasm heap, and the memory of its intermediate results.
 *
 * Kernels build on kernels and never on the ops of tfjs: an op called within a kernel leaks one tensor handle a call.
 */
export class KernelScope {
  private readonly made: TensorInfo[] = [];

  constructor(private readonly backend: BackendWasm) {}

  /** The result of one of tfjs's own wasm kernels, even where ours has replaced it. */
  run(name: string, inputs: Record<string, TensorInfo>, attrs: Record<string, unknown> = {}): TensorInfo {
    const kernel = replaced.get(name) ?? getKernel(name, WASM);
    if (!kernel) throw new Error(`the wasm backend has no kernel ${name}`);
    const result = kernel.kernelFunc({ inputs, backend: this.backend, attrs: attrs as unknown as NamedAttrMap });
    if (Array.isArray(result)) throw new Error(`the kernel ${name} has several results, where one was expected`);
    return this.track(result);
  }

  /** A tensor whose values are still arbitrary. */
  allocate(shape: readonly number[], dtype: TensorInfo['dtype'] = 'float32'): TensorInfo {
    return this.track(this.backend.makeOutput([...shape], dtype));
  }

  /** Another handle on a tensor's memory, which lives as long as any of them. */
  share({ dataId, shape, dtype }: TensorInfo): TensorInfo {
    this.backend.incRef(dataId);
    return this.track({ dataId, shape, dtype });
  }

  /**
   * The values of a tensor on the wasm heap, float32 unless said otherwise. The view dies when the heap grows: take it
   * after every allocation.
   */
  values<Values extends Float32Array | Int32Array | Uint8Array = Float32Array>(tensor: TensorInfo): Values {
    return this.backend.typedArrayFromHeap(tensor) as Values;
  }

  /** Where the values of a tensor begin on the wasm heap, in bytes; allocations do not move them. */
  address(tensor: TensorInfo): number {
    return this.backend.typedArrayFromHeap(tensor).byteOffset;
  }

  /** Does work whose own intermediate results are freed at its end. */
  apart(work: (scope: KernelScope) => void): void {
    const scope = new KernelScope(this.backend);
    try {
      work(scope);
    } finally {
      scope.release();
    }
  }

  /** Frees what the kernel made, except its result. */
  release(result?: TensorInfo): void {
    const kept = this.made.findLastIndex(({ dataId }) => dataId === result?.dataId);
    if (result && kept < 0) throw new Error('a kernel returned a tensor that it did not make');
    this.made.forEach(({ dataId }, index) => index === kept || this.backend.disposeData(dataId));
  }

  private track(tensor: TensorInfo): TensorInfo {
    this.made.push(tensor);
    return tensor;
  }
}

/** The same values under another shape of as many elements. */
export function reshaped({ dataId, dtype }: TensorInfo, shape: readonly number[]): TensorInfo {
  return { dataId, dtype, shape: [...shape] };
}

/** The inputs of a kernel, by their names in tfjs. */
export type Inputs<Names extends string> = Record<Names, TensorInfo>;

/** A kernel of the wasm backend, in the terms of tfjs: named inputs and attributes in, one tensor out. */
export interface WasmKernel {
  readonly name: string;
  register(): void;
}

/**
 * Describes a kernel for the wasm backend.
 *
 * @param name the kernel's name in tfjs; a kernel that tfjs already has under it is replaced
 * @param compute gives the result, which must have been made in the scope; the scope frees the rest, on errors too
 */
export function wasmKernel<Names extends string, Attrs>(
  name: string,
  compute: (scope: KernelScope, inputs: Inputs<Names>, attrs: Attrs) => TensorInfo,
): WasmKernel {
  const kernelFunc = (call: { inputs: NamedTensorInfoMap; backend: unknown; attrs?: NamedAttrMap }): TensorInfo => {
    const scope = new KernelScope(call.backend as BackendWasm);
    let result: TensorInfo | undefined;
    try {
      result = compute(scope, call.inputs as Inputs<Names>, call.attrs as unknown as Attrs);
    } finally {
      scope.release(result);
    }
    return result;
  };
  const register = (): void => {
    const original = getKernel(name, WASM);
    if (original) {
      replaced.set(name, original);
      unregisterKernel(name, WASM);
    }
    // The original's setup binds it to the backend; it must still happen, since ours calls it.
    registerKernel({ kernelName: name, backendName: WASM, kernelFunc, setupFunc: original?.setupFunc });
  };
  return { name, register };
}
