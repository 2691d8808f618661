import { pathToFileURL } from 'node:url';
import { backend, setBackend, version_core, type BackendValues, type DataId } from '@tensorflow/tfjs-core';
import { registerAveragePoolGradient } from '../average-pool-gradient.js';
import { EngineError } from '../engine-error.js';
import { DAWN_VERSION, findDawn } from '../webgpu/find-dawn.js';
import { correctKernels } from '../webgpu/kernels.js';
import { processor } from './processor.js';
import type { StartedBackend } from './started-backend.js';

const NAME = 'webgpu';
/** The variable that lets this engine compute on a software adapter. */
const SOFTWARE = 'RETORT_WEBGPU_SOFTWARE';

const HOW_TO_GET = 'Get it with `npx retort engine install webgpu`.';
const NEEDS =
  "It needs a GPU with a driver: on Linux one for Vulkan, the vendor's or that of Mesa 25 and later, and its loader " +
  'libvulkan.so.1.';

/** What is used of the package `webgpu`, Dawn's bindings to Node. */
interface Dawn {
  readonly create: (flags: string[]) => Gpu;
  readonly globals: object;
}

interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<Adapter | null>;
}

interface Adapter {
  readonly info: {
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter: boolean;
  };
}

/** What is used of the backend class of tfjs-backend-webgpu 4.22 beyond the interface of every backend. */
interface WebgpuBackend {
  readonly device: {
    readonly lost: Promise<{ readonly message: string }>;
    addEventListener(type: 'uncapturederror', listener: (event: { readonly error: Error }) => void): void;
  };
  read(dataId: DataId): Promise<BackendValues>;
}

/** Dawn's entry point, one a process: Dawn crashes where it is collected before its adapters and devices. */
let entry: Gpu | undefined;

/**
 * Starts the WebGPU backend on Dawn, on the adapter of the highest performance.
 *
 * @throws EngineError where the package is absent or does not load, where Dawn finds no adapter, and where the only one
 *   is software, unless RETORT_WEBGPU_SOFTWARE=allow
 */
export async function startWebgpu(): Promise<StartedBackend> {
  const { create, globals } = await loadDawn();
  entry ??= create([]);
  const gpu = entry;
  const device = await findAdapter(gpu);
  provide(gpu, globals);
  // It registers its backend only where it finds WebGPU as it loads.
  await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await setBackend(NAME))) {
    const remedy = 'See the message of TensorFlow.js above, and use another engine.';
    throw new EngineError(NAME, 'broken', `TensorFlow.js could not start its backend on ${device}`, remedy);
  }
  registerAveragePoolGradient();
  correctKernels();
  failOnErrors(backend() as unknown as WebgpuBackend);
  return { name: NAME, versions: { tfjs: version_core, webgpu: DAWN_VERSION }, threads: 1, device };
}

/**
 * Makes every reading fail after the device has met an error or is lost. WebGPU only reports errors: what they leave
 * would be read as zeros.
 */
function failOnErrors(computing: WebgpuBackend): void {
  let failure: EngineError | undefined;
  computing.device.addEventListener('uncapturederror', ({ error }) => {
    const why = `WebGPU could not do what it was told (${firstLine(error)})`;
    failure ??= new EngineError(NAME, 'wrong', why, 'Use another engine, and report this.');
  });
  void computing.device.lost.then(({ message }) => {
    failure ??= new EngineError(NAME, 'lost', `its device was lost (${message})`, 'Start its process again.');
  });
  const read = computing.read.bind(computing);
  computing.read = async (dataId) => {
    const [outcome] = await Promise.allSettled([read(dataId)]);
    if (failure) throw failure;
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  };
}

async function loadDawn(): Promise<Dawn> {
  const path = findDawn();
  if (!path) throw new EngineError(NAME, 'absent', 'it is not installed', HOW_TO_GET);
  try {
    return (await import(pathToFileURL(path).href)) as Dawn;
  } catch (error) {
    const why = `it is installed but does not load (${firstLine(error)})`;
    throw new EngineError(NAME, 'broken', why, HOW_TO_GET, { cause: error });
  }
}

/** The name of the adapter that TensorFlow.js will be given. */
async function findAdapter(gpu: Gpu): Promise<string> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new EngineError(NAME, 'no_gpu', 'Dawn finds no adapter', NEEDS);
  const { device, description, isFallbackAdapter } = adapter.info;
  const name = `${device} (${description})`;
  if (!isFallbackAdapter) return name;
  if (process.env[SOFTWARE] === 'allow') return `${name}, a software adapter: computed on ${processor()}`;
  const why = `its only adapter is software that computes on the processor: ${name}`;
  throw new EngineError(NAME, 'no_gpu', why, `${NEEDS} To compute on it all the same, set ${SOFTWARE}=allow.`);
}

/** Gives this process what TensorFlow.js looks for in a browser. */
function provide(gpu: Gpu, globals: object): void {
  Object.assign(globalThis, globals);
  const scope = globalThis as { navigator?: object };
  if (!scope.navigator) Object.defineProperty(scope, 'navigator', { value: {} });
  Object.defineProperty(scope.navigator, 'gpu', { value: gpu, configurable: true });
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : ((error as { message?: string }).message ?? String(error));
  return message.split('\n')[0]!.trim();
}
