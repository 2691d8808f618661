import { Type, type Static } from 'typebox';

/** The TensorFlow.js engine that computed something. */
export const EngineDescription = Type.Object({
  name: Type.String({ description: '`tfjs-node-gpu`, `tfjs-node`, `wasm`, `webgpu` or `cpu`.' }),
  backend: Type.String({ description: "The backend's own name in TensorFlow.js." }),
  versions: Type.Record(Type.String(), Type.String()),
  threads: Type.Integer(),
  device: Type.String(),
  self_check: Type.Object({ passed: Type.Boolean(), max_relative_error: Type.Number() }),
  skipped: Type.Array(Type.Object({ name: Type.String(), why: Type.String() }), {
    description: 'Engines that would have been preferred, and why each was passed over.',
  }),
});
export type EngineDescription = Static<typeof EngineDescription>;

/** What made a result, so that it can be made again. */
export const Provenance = Type.Object({
  engine: EngineDescription,
  code_version: Type.String(),
  dataset: Type.Object({ name: Type.String(), sha256: Type.String() }),
  seed: Type.Integer(),
  compute_seconds: Type.Number({ description: 'Wall time in the compute child, for information only.' }),
  batch_size: Type.Optional(
    Type.Integer({
      description:
        'Examples that went through the net at a time in the end; chosen for speed and memory, no part of the result.',
    }),
  ),
  fallbacks: Type.Array(Type.String(), { description: 'Whatever was done otherwise than asked, in sentences.' }),
});
export type Provenance = Static<typeof Provenance>;
