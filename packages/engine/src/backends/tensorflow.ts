import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import util from 'node:util';
import { backend, removeBackend, setBackend, version_core } from '@tensorflow/tfjs-core';
import { EngineError } from '../engine-error.js';
import { installedEngine } from '../install/engines-folder.js';
import { registerMaxPoolGradient, registerReluGradient } from '../tensorflow-gradients.js';
import { registerStep } from '../tensorflow-step.js';
import { processor } from './processor.js';
import type { StartedBackend } from './started-backend.js';

export type TensorflowPackage = 'tfjs-node' | 'tfjs-node-gpu';

/** What is used of the backend class of tfjs-node 4.22 beyond the interface of every backend. */
interface NodeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

const BACKEND = 'tensorflow';

const NEEDS: Record<TensorflowPackage, string> = {
  'tfjs-node': 'It needs npm, and a C++ compiler where upstream has nothing compiled for this machine.',
  'tfjs-node-gpu': 'It needs an NVIDIA GPU with its driver, npm and a C++ compiler.',
};

/**
 * Starts the native TensorFlow backend, on the CPU or on the GPU.
 *
 * @param threads of one operation; operations run one after the other
 * @throws EngineError where the package is absent or does not load, or where `tfjs-node-gpu` finds no GPU
 */
export async function startTensorflow(name: TensorflowPackage, threads: number): Promise<StartedBackend> {
  const library = `@tensorflow/${name}`;
  const folder = installedEngine(name) ?? packageFolder(library);
  if (!folder) throw new EngineError(name, 'absent', 'it is not installed', howToGet(name));
  prepareProcess(name, threads);
  try {
    load(folder, library);
    registerStep(BACKEND);
    registerReluGradient(BACKEND);
    if (name === 'tfjs-node') registerMaxPoolGradient(BACKEND);
    if (!(await setBackend(BACKEND))) throw new Error('TensorFlow.js could not start its backend');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const why = `it is installed in ${folder} but does not load (${message.split('\n')[0]!.trim()})`;
    throw new EngineError(name, 'broken', why, howToGet(name), { cause: error });
  }
  const { isUsingGpuDevice, binding } = backend() as unknown as NodeBackend;
  if (name === 'tfjs-node-gpu' && !isUsingGpuDevice) {
    removeBackend(BACKEND);
    throw new EngineError(name, 'no_gpu', 'TensorFlow found no GPU that it can use', NEEDS[name]);
  }
  return {
    name: BACKEND,
    versions: { tfjs: version_core, tensorflow: binding.TF_Version },
    threads,
    device: isUsingGpuDevice ? await gpu() : processor(),
  };
}

function howToGet(name: TensorflowPackage): string {
  const gpu = name === 'tfjs-node-gpu' ? ' --gpu' : '';
  return `Get it with \`npx retort engine install tfjs-node${gpu}\`. ${NEEDS[name]}`;
}

/** This package's own folder, where npm has installed tfjs-node beside it as an optional dependency. */
function packageFolder(library: string): string | undefined {
  try {
    createRequire(import.meta.url).resolve(library);
    return dirname(fileURLToPath(import.meta.url));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Loads tfjs-node from a folder; it registers its backend and its kernels with this process's TensorFlow.js. */
function load(folder: string, library: string): void {
  // The stand-in for @tensorflow/tfjs in an installed engine gives tfjs-node this one.
  Object.assign(globalThis, {
    [Symbol.for('retort.tfjs')]: createRequire(import.meta.url)('@tensorflow/tfjs') as unknown,
  });
  createRequire(join(folder, 'package.json'))(library);
}

/** Sets what TensorFlow reads from the environment as it loads, and gives back what tfjs-node misses in Node. */
function prepareProcess(name: TensorflowPackage, threads: number): void {
  process.env.TF_NUM_INTRAOP_THREADS = String(threads);
  process.env.TF_NUM_INTEROP_THREADS = '1';
  process.env.OMP_NUM_THREADS = String(threads);
  if (name === 'tfjs-node-gpu') {
    process.env.TF_FORCE_GPU_ALLOW_GROWTH = 'true';
    // TensorFloat-32 keeps 10 bits of each factor: its gradients would fail the self-check.
    process.env.NVIDIA_TF32_OVERRIDE = '0';
  }
  // Else every process tells which instructions of the processor it could use.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
  // tfjs-node 4.22 calls these two of `util`: Node 22 warns of them, Node 23 has them no longer.
  Object.assign(util, {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  });
}

/** The names of the machine's NVIDIA cards, as their driver tells them. */
async function gpu(): Promise<string> {
  const query = util.promisify(execFile)('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader']);
  return query.then(
    ({ stdout }) => stdout.trim().split('\n').join(', '),
    () => 'a GPU whose name nvidia-smi does not tell',
  );
}
