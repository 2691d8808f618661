import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { OutOfMemory } from '@retort/contracts';

/** What is used of the Emscripten module within tfjs-backend-wasm 4.22. */
interface WasmModule {
  _malloc: (bytes: number) => number;
  _free: (offset: number) => void;
}

const MIB = 2 ** 20;
/** The heap of a module of 32-bit addresses, less room for the gaps in it and for what its C++ allocates itself. */
const LARGEST = 4096 * MIB - 512 * MIB;

let limit = LARGEST;

/**
 * Bounds the tensors on the wasm heap of this process.
 *
 * @param bytes that they may take together; 3.5 GiB, where that is less
 */
export function limitHeap(bytes: number): void {
  limit = Math.min(bytes, LARGEST);
}

/**
 * Makes the backend say when its heap is full.
 *
 * tfjs does not look at what `malloc` answers: of a full heap that is address 0, and the tensor is written over the
 * module's own data, where it gives wrong numbers or a trap. The bound is one of bytes, not of addresses, so that what
 * is freed can be had again wherever it lies.
 */
export function guardHeap(backend: BackendWasm): void {
  const { wasm } = backend as unknown as { wasm: WasmModule };
  // The module's own stubs put the real functions in their place at their first call.
  wasm._free(wasm._malloc(1));
  const { _malloc: malloc, _free: free } = wasm;
  const sizes = new Map<number, number>();
  let taken = 0;
  wasm._malloc = (bytes) => {
    const offset = taken + bytes <= limit ? malloc(bytes) : 0;
    if (offset === 0) {
      throw new OutOfMemory(
        `the wasm heap has no room for a tensor of ${Math.ceil(bytes / MIB)} MiB beside ${Math.ceil(taken / MIB)} MiB of others: it may hold ${Math.floor(limit / MIB)} MiB`,
      );
    }
    sizes.set(offset >>> 0, bytes);
    taken += bytes;
    return offset;
  };
  wasm._free = (offset) => {
    taken -= sizes.get(offset >>> 0) ?? 0;
    sizes.delete(offset >>> 0);
    free(offset);
  };
}
