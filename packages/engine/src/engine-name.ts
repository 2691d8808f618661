import { engineNames, nearest, type EngineName } from '@retort/contracts';
import { EngineError } from './engine-error.js';

/** The engines that may be picked where none is forced, the fastest first. */
export const PREFERRED_ENGINES: readonly EngineName[] = ['tfjs-node-gpu', 'tfjs-node', 'wasm'];

/** @throws EngineError naming the known engines where there is none of this name */
export function engineNamed(name: string): EngineName {
  const known = engineNames.find((engine) => engine === name);
  if (known) return known;
  const near = nearest(name, engineNames);
  const remedy = `${near ? `Did you mean "${near}"? ` : ''}The engines are ${engineNames.join(', ')}.`;
  throw new EngineError(`"${name}"`, 'unknown', 'there is none of that name', remedy);
}
