// tfjs registers the gradients of all kernels as it loads; tfjs-core alone has none of them under Node.
import '@tensorflow/tfjs';
import { removeBackend } from '@tensorflow/tfjs-core';
import type { EngineDescription, EngineName } from '@retort/contracts';
import { startJavascript } from './backends/javascript.js';
import type { StartedBackend } from './backends/started-backend.js';
import { startTensorflow } from './backends/tensorflow.js';
import { startWasm } from './backends/wasm.js';
import { startWebgpu } from './backends/webgpu.js';
import { EngineError } from './engine-error.js';
import { engineNamed, PREFERRED_ENGINES } from './engine-name.js';
import { selfCheck, SELF_CHECK_TOLERANCE } from './self-check.js';

export interface EngineOptions {
  /** The name of the one engine to use: the value of `RETORT_ENGINE`. Without it the first that works is picked. */
  force?: string;
  /** Threads of the native engines, at least 1. The engines `wasm` and `cpu` always have one. */
  threads?: number;
}

/** The engine that computes in this process: whatever is imported from tfjs-core runs on it. */
export interface Engine {
  readonly description: EngineDescription;
}

const START: Record<EngineName, (threads: number) => Promise<StartedBackend>> = {
  'tfjs-node-gpu': (threads) => startTensorflow('tfjs-node-gpu', threads),
  'tfjs-node': (threads) => startTensorflow('tfjs-node', threads),
  webgpu: startWebgpu,
  wasm: startWasm,
  cpu: startJavascript,
};

/**
 * Makes TensorFlow.js compute on the forced engine, else on the first of `tfjs-node-gpu`, `tfjs-node` and `wasm` that
 * loads and computes a small net's gradients rightly. To be called once, before anything is computed.
 *
 * @throws EngineError where the forced engine is unknown, absent, broken or wrong, or where none works; it says how to
 *   get the engine
 */
export async function startEngine({ force, threads = 1 }: EngineOptions = {}): Promise<Engine> {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(`threads must be an integer of at least 1, not ${threads}`);
  }
  if (force !== undefined) return { description: await start(engineNamed(force), threads, []) };
  const skipped: EngineDescription['skipped'] = [];
  for (const name of PREFERRED_ENGINES) {
    try {
      return { description: await start(name, threads, skipped) };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      skipped.push({ name, why: error.why });
    }
  }
  const reasons = skipped.map(({ name, why }) => `${name}: ${why}`).join('; ');
  throw new EngineError(PREFERRED_ENGINES.join(', '), 'broken', reasons, 'Reinstall Retort with `npm ci`.');
}

async function start(
  name: EngineName,
  threads: number,
  skipped: EngineDescription['skipped'],
): Promise<EngineDescription> {
  const backend = await START[name](threads);
  let error: number;
  try {
    error = await checkedError(name);
  } catch (failure) {
    removeBackend(backend.name);
    throw failure;
  }
  return {
    name,
    backend: backend.name,
    versions: { ...backend.versions, node: process.versions.node },
    threads: backend.threads,
    device: backend.device,
    self_check: { passed: true, max_relative_error: error },
    skipped: [...skipped],
  };
}

/** The error that the current backend makes in its self-check. */
async function checkedError(name: EngineName): Promise<number> {
  const remedy = 'Use another engine, and report this: its results are not to be trusted on this machine.';
  let error: number;
  try {
    error = await selfCheck();
  } catch (cause) {
    const why = `its self-check failed (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new EngineError(name, 'broken', why, remedy, { cause });
  }
  if (error <= SELF_CHECK_TOLERANCE) return error;
  const why = `its gradients are wrong by ${error.toExponential(1)}, where ${SELF_CHECK_TOLERANCE} is allowed`;
  throw new EngineError(name, 'wrong', why, remedy);
}
