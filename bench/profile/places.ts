import type { Profiler } from 'node:inspector';

/** Where the time of a process goes, as far as its stack shows it. */
export type Place =
  | 'WebAssembly'
  | "Retort's lab"
  | "Retort's engine"
  | 'TensorFlow.js'
  | 'Node and native code'
  | 'garbage collection'
  | 'idle';

/** The share of each place in the samples of a profile, by the function that ran when each was taken; they sum to 1. */
export function sharesOf({ nodes }: Pick<Profiler.Profile, 'nodes'>): ReadonlyMap<Place, number> {
  const total = nodes.reduce((sum, { hitCount = 0 }) => sum + hitCount, 0);
  const shares = new Map<Place, number>();
  for (const { callFrame, hitCount = 0 } of nodes) {
    if (hitCount === 0) continue;
    const place = placeOf(callFrame);
    shares.set(place, (shares.get(place) ?? 0) + hitCount / total);
  }
  return new Map([...shares].sort(([, one], [, other]) => other - one));
}

function placeOf({ functionName, url }: Profiler.ProfileNode['callFrame']): Place {
  if (functionName === '(idle)') return 'idle';
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (url.startsWith('wasm://')) return 'WebAssembly';
  if (url.includes('/@tensorflow/')) return 'TensorFlow.js';
  if (url.includes('/packages/engine/')) return "Retort's engine";
  if (url.includes('/packages/')) return "Retort's lab";
  return 'Node and native code';
}
