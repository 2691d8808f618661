import { Type, type Static } from 'typebox';
import { JobKind, JobSpec, Progress } from './job.js';
import { Reason } from './reason.js';
import { EngineDescription } from './results/provenance.js';
import { JobResult } from './results/index.js';

/** A finished job that the task builds on; its artifacts lie in files. */
export const ComputeInput = Type.Object({
  role: Type.String({ description: '`teacher`, `model`, `source`, `compared:<n>` or `surrogate:<n>`.' }),
  name: Type.String(),
  kind: JobKind,
  result: JobResult,
  files: Type.Record(Type.String(), Type.String(), { description: 'Path of each artifact, by its name.' }),
});
export type ComputeInput = Static<typeof ComputeInput>;

/** A file that the child wrote and the supervisor is to keep. */
export const OutputFile = Type.Object({
  name: Type.String({ description: 'Such as `weights` or `predictions`.' }),
  path: Type.String(),
  media_type: Type.String(),
});
export type OutputFile = Static<typeof OutputFile>;

/** A point of a curve. */
export const MetricPoint = Type.Object({
  name: Type.String(),
  step: Type.Integer(),
  epoch: Type.Union([Type.Integer(), Type.Null()]),
  value: Type.Number(),
});
export type MetricPoint = Static<typeof MetricPoint>;

/** What of its job the child is to do: all, one part of the examples, or the merge of what the parts have found. */
export const ComputeShare = Type.Union([
  Type.Object({ role: Type.Literal('whole') }),
  Type.Object({ role: Type.Literal('part'), shard: Type.Integer(), shards: Type.Integer() }),
  Type.Object({
    role: Type.Literal('merge'),
    outcomes: Type.Array(Type.Union([Type.String(), Type.Null()]), {
      description: 'Path of what each part has found, in their order; null where it cannot be had.',
    }),
  }),
]);
export type ComputeShare = Static<typeof ComputeShare>;

/** What the supervisor tells the compute child. */
export const ToChild = Type.Union([
  Type.Object({
    type: Type.Literal('run'),
    job: JobSpec,
    share: ComputeShare,
    inputs: Type.Array(ComputeInput),
    uploads: Type.Record(Type.String(), Type.String(), { description: 'Path of each uploaded file, by its role.' }),
    folder: Type.String({ description: 'An empty folder for the files that the task makes.' }),
    memory: Type.Integer({ description: 'Bytes that the child may hold; it is killed beyond.' }),
    batch_limit: Type.Optional(
      Type.Integer({ description: 'Examples at a time at most, since memory ran out in a child with more.' }),
    ),
    checkpoint: Type.Optional(Type.String({ description: 'Path of the checkpoint to go on from.' })),
    checkpoint_seconds: Type.Number({ description: 'How long the task computes before it offers a checkpoint again.' }),
  }),
  Type.Object({ type: Type.Literal('cancel') }),
  Type.Object(
    { type: Type.Literal('hand_back') },
    { description: 'Stop so that another child can go on: with a checkpoint first, where the task can take one now.' },
  ),
]);
export type ToChild = Static<typeof ToChild>;

/** What the compute child tells its supervisor. */
export const FromChild = Type.Union([
  Type.Object({ type: Type.Literal('ready'), engine: EngineDescription }),
  Type.Object(
    { type: Type.Literal('alive') },
    { description: 'Its event loop turns: it comes to an end of its batches, and hears what it is told.' },
  ),
  Type.Object({ type: Type.Literal('progress'), progress: Progress }),
  Type.Object({ type: Type.Literal('metrics'), points: Type.Array(MetricPoint) }),
  Type.Object({ type: Type.Literal('epoch'), epoch: Type.Record(Type.String(), Type.Unknown()) }),
  Type.Object({
    type: Type.Literal('batch'),
    size: Type.Integer({ description: 'How many examples go through the net at a time from now on.' }),
    halved: Type.Boolean({ description: 'Whether memory ran out with twice as many.' }),
  }),
  Type.Object({
    type: Type.Literal('rested'),
    tensors: Type.Integer({ description: 'Tensors that the task has left behind.' }),
    resident: Type.Integer({ description: 'Bytes of memory that the child holds.' }),
  }),
  Type.Object({
    type: Type.Literal('checkpoint'),
    path: Type.String({ description: 'A file of this checkpoint alone; the supervisor removes it.' }),
    message: Type.String({ description: 'Where the task stands, such as `after epoch 2`.' }),
  }),
  Type.Object({ type: Type.Literal('succeeded'), result: JobResult, files: Type.Array(OutputFile) }),
  Type.Object({
    type: Type.Literal('found'),
    path: Type.String({ description: 'A file of what a part has found, for the merge of all parts.' }),
  }),
  Type.Object({ type: Type.Literal('failed'), reason: Reason, detail: Type.String() }),
  Type.Object({ type: Type.Literal('cancelled') }),
]);
export type FromChild = Static<typeof FromChild>;
