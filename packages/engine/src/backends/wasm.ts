import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import {
  getThreadsCount,
  setThreadsCount,
  setWasmPaths,
  version_wasm,
  type BackendWasm,
} from '@tensorflow/tfjs-backend-wasm';
import { backend, env, setBackend, version_core } from '@tensorflow/tfjs-core';
import { registerAveragePoolGradient } from '../average-pool-gradient.js';
import { EngineError } from '../engine-error.js';
import { guardHeap } from '../wasm/heap-limit.js';
import { registerTrainingKernels } from '../wasm/kernels.js';
import { processor } from './processor.js';
import type { StartedBackend } from './started-backend.js';

const FATAL_EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Starts the WebAssembly backend on one thread and gives it the kernels that training needs.
 *
 * @throws EngineError where this machine cannot run it
 */
export async function startWasm(): Promise<StartedBackend> {
  const library = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(library) + sep);
  setThreadsCount(1);
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await withoutNewFatalHandlers(() => setBackend('wasm')))) {
    const remedy = 'It ships with Retort: reinstall with `npm ci`, and see the message of TensorFlow.js above.';
    throw new EngineError('wasm', 'broken', 'its WebAssembly module does not start', remedy);
  }
  const wasm = backend() as BackendWasm;
  guardHeap(wasm);
  registerTrainingKernels(wasm);
  registerAveragePoolGradient();
  return {
    name: 'wasm',
    versions: { tfjs: version_core, tfjs_backend_wasm: version_wasm },
    threads: getThreadsCount(),
    device: processor(),
  };
}

/**
 * Emscripten's glue code rethrows every uncaught error of the process from handlers of its own; they would overrule the
 * program's. They are taken off again.
 */
async function withoutNewFatalHandlers<T>(work: () => Promise<T>): Promise<T> {
  const before = FATAL_EVENTS.map((event) => new Set(process.rawListeners(event)));
  try {
    return await work();
  } finally {
    FATAL_EVENTS.forEach((event, index) => {
      for (const listener of process.rawListeners(event)) {
        if (!before[index]!.has(listener)) process.removeListener(event, listener as () => void);
      }
    });
  }
}
