import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { OutOfMemory } from '@retort/contracts';

/** What is used of the Emscripten module within tfjs-backend-wasm 4.22. */
interface WasmModule {
  _malloc(bytes: number): number;
  _free(offset: number): void;
}

const MIB = 2 ** 20;
/** Where the heap of a module of 32-bit addresses ends, less what its C++ may want for itself: packed weights, say. */
const LARGEST = 4096 * MIB - 256 * MIB;

let limit = LARGEST;

/**
 * Bounds the wasm heap of this process.
 *
 * @param bytes where no tensor may lie beyond; the heap's own end, where that is nearer
 */
export function limitHeap(bytes: number): void {
  limit = Math.min(bytes, LARGEST);
}

/**
 * Makes the backend say when its heap is full.
 *
 * tfjs does not look at what `malloc` answers: of a full heap that is address 0, and the tensor is written over the
 * module's own data, where it gives wrong numbers or a trap.
 */
export function guardHeap(backend: BackendWasm): void {
  const { wasm } = backend as unknown as { wasm: WasmModule };
  // The module's own stub puts the real function in its place at its first call.
  wasm._free(wasm._malloc(1));
  const { _malloc: malloc, _free: free } = wasm;
  wasm._malloc = (bytes) => {
    const offset = malloc(bytes);
    const end = (offset >>> 0) + bytes;
    if (offset !== 0 && end <= limit) return offset;
    if (offset !== 0) free(offset);
    throw new OutOfMemory(
      `the wasm heap has no room for a tensor of ${Math.ceil(bytes / MIB)} MiB below its bound of ${Math.floor(limit / MIB)} MiB`,
    );
  };
}
