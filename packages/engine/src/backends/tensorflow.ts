import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import util from 'node:util';
import { backend, removeBackend, setBackend, version_core } from '@tensorflow/tfjs-core';
import { EngineError } from '../engine-error.js';
import { processor } from './processor.js';
import type { StartedBackend } from './started-backend.js';

export type TensorflowPackage = 'tfjs-node' | 'tfjs-node-gpu';

/** What is used of the backend class of tfjs-node 4.22 beyond the interface of every backend. */
interface NodeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

/** The version of tfjs-node that Retort is tested with: that of its tfjs. */
const VERSION = version_core;

const BACKEND = 'tensorflow';

const NEEDS: Record<TensorflowPackage, string> = {
  'tfjs-node': 'Its install script downloads libtensorflow from storage.googleapis.com.',
  'tfjs-node-gpu':
    'It needs an NVIDIA GPU with CUDA 11.2 and cuDNN 8.1; its install script downloads libtensorflow from ' +
    'storage.googleapis.com.',
};

/**
 * Starts the native TensorFlow backend, on the CPU or on the GPU.
 *
 * @param threads of one operation; operations run one after the other
 * @throws EngineError where the package is absent or does not load, or where `tfjs-node-gpu` finds no GPU
 */
export async function startTensorflow(name: TensorflowPackage, threads: number): Promise<StartedBackend> {
  const library = `@tensorflow/${name}`;
  if (!isInstalled(library)) {
    throw new EngineError(name, 'absent', `the package ${library} is not installed`, howToGet(name));
  }
  prepareProcess(name, threads);
  try {
    await import(library);
    if (!(await setBackend(BACKEND))) throw new Error('TensorFlow.js could not start its backend');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const why = `the package ${library} is installed but does not load (${message.split('\n')[0]!.trim()})`;
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
  // The package is an optional dependency: without the scripts' output, npm hides that it failed and why.
  const command = `npm install --no-save --foreground-scripts @tensorflow/${name}@${VERSION}`;
  return `Get it with \`${command}\` in Retort's folder. ${NEEDS[name]}`;
}

function isInstalled(library: string): boolean {
  try {
    createRequire(import.meta.url).resolve(library);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
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
  // Node 23 removed these two from `util`; tfjs-node 4.22 still calls them.
  if (!('isNullOrUndefined' in util)) {
    Object.assign(util, {
      isArray: Array.isArray,
      isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    });
  }
}

/** The names of the machine's NVIDIA cards, as their driver tells them. */
async function gpu(): Promise<string> {
  const query = util.promisify(execFile)('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader']);
  return query.then(
    ({ stdout }) => stdout.trim().split('\n').join(', '),
    () => 'a GPU whose name nvidia-smi does not tell',
  );
}
