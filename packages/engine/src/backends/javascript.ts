import '@tensorflow/tfjs-backend-cpu';
import { setBackend, version_core } from '@tensorflow/tfjs-core';
import { registerAveragePoolGradient } from '../average-pool-gradient.js';
import { processor } from './processor.js';
import type { StartedBackend } from './started-backend.js';

/** Starts the plain JavaScript backend: right, and a thousand times slower than the others. */
export async function startJavascript(): Promise<StartedBackend> {
  await setBackend('cpu');
  registerAveragePoolGradient();
  return { name: 'cpu', versions: { tfjs: version_core }, threads: 1, device: processor() };
}
