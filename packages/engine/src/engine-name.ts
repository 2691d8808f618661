import { nearest } from '@retort/contracts';
import { EngineError } from './engine-error.js';

/**
 * Every engine that Retort knows. `webgpu` is an explicit choice; `cpu`, the plain JavaScript backend, is a slow
 * reference for tests.
 */
export const ENGINE_NAMES = ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'webgpu', 'cpu'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** The engines that may be picked where none is forced, the fastest first. */
export const PREFERRED_ENGINES: readonly EngineName[] = ['tfjs-node-gpu', 'tfjs-node', 'wasm'];

/** @throws EngineError naming the known engines where there is none of this name */
export function engineNamed(name: string): EngineName {
  const known = ENGINE_NAMES.find((engine) => engine === name);
  if (known) return known;
  const near = nearest(name, ENGINE_NAMES);
  const remedy = `${near ? `Did you mean "${near}"? ` : ''}The engines are ${ENGINE_NAMES.join(', ')}.`;
  throw new EngineError(`"${name}"`, 'unknown', 'there is none of that name', remedy);
}
