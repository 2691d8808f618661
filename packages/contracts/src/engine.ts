import { Type, type Static } from 'typebox';

/**
 * Every engine that Retort knows. `webgpu` is an explicit choice; `cpu`, the plain JavaScript backend, is a slow
 * reference for tests.
 */
export const engineNames = ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'webgpu', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];

/** The engines that compute on a GPU. */
const gpuEngines: readonly EngineName[] = ['tfjs-node-gpu', 'webgpu'];

/** What a spec may ask of the worker: an engine by its name, or any that computes on a GPU. */
export const WantedEngine = Type.Enum([...engineNames, 'gpu'], {
  description:
    'Where the jobs run: on workers with this engine, or with any that computes on a GPU for `gpu`; on any worker where absent. No part of what is computed: engines differ in the last bits only.',
});
export type WantedEngine = Static<typeof WantedEngine>;

/** The names of the engines that serve a wish; undefined where any does. */
export function enginesServing(wanted: WantedEngine | undefined): readonly string[] | undefined {
  if (wanted === undefined) return undefined;
  return wanted === 'gpu' ? gpuEngines : [wanted];
}
