import { Type, type Static } from 'typebox';
import { DatasetSpec } from './spec/dataset.js';
import { EvaluationParameters } from './spec/evaluation.js';
import { ExamplesSpec } from './spec/examples.js';
import { metricNames } from './spec/metric.js';
import {
  Architecture,
  DistillTargets,
  ImportModel,
  Initialisation,
  InputNoise,
  TrainingSettings,
} from './spec/model.js';
import { Uploads } from './upload.js';

export const jobKinds = ['train', 'distill', 'deploy', 'import', 'measure', 'attack', 'evaluate'] as const;
export const JobKind = Type.Enum([...jobKinds], { description: 'What the job does.' });
export type JobKind = Static<typeof JobKind>;

export const jobStatuses = ['blocked', 'queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled'] as const;
export const JobStatus = Type.Enum([...jobStatuses], {
  description: '`blocked` until the jobs that it depends on have succeeded; the last three are final.',
});
export type JobStatus = Static<typeof JobStatus>;

export const openStatuses = ['blocked', 'queued', 'running', 'paused'] as const satisfies JobStatus[];
export const terminalStatuses = ['succeeded', 'failed', 'cancelled'] as const satisfies JobStatus[];

/** Whether a job in this status can never change it again. */
export function isTerminal(status: JobStatus): boolean {
  return (terminalStatuses as readonly JobStatus[]).includes(status);
}

const onDataset = {
  dataset: DatasetSpec,
  dataset_sha256: Type.String(),
  seed: Type.Integer(),
  uploads: Type.Optional(Uploads),
};
const trained = {
  architecture: Architecture,
  initialisation: Initialisation,
  settings: TrainingSettings,
  deployment_temperature: Type.Number(),
};

export const TrainJob = Type.Object({ kind: Type.Literal('train'), ...onDataset, ...trained });
export type TrainJob = Static<typeof TrainJob>;

/** Needs a parent in the role `teacher`. */
export const DistillJob = Type.Object({
  kind: Type.Literal('distill'),
  ...onDataset,
  ...trained,
  targets: DistillTargets,
  extended: Type.Optional(
    Type.Object(
      { passes: Type.Integer(), alpha: Type.Number(), dropout: Type.Number() },
      {
        description: "How `extended` targets are made, with the teacher's dropout.",
      },
    ),
  ),
});
export type DistillJob = Static<typeof DistillJob>;

/** Needs a parent in the role `model`. */
export const DeployJob = Type.Object({
  kind: Type.Literal('deploy'),
  ...onDataset,
  deployment_temperature: Type.Number(),
  input_noise: Type.Optional(InputNoise),
});
export type DeployJob = Static<typeof DeployJob>;

const { format, input, training_temperature, minimum_accuracy } = ImportModel.properties;

/** Needs an upload in the role `model`. */
export const ImportJob = Type.Object({
  kind: Type.Literal('import'),
  ...onDataset,
  format,
  input,
  training_temperature,
  deployment_temperature: Type.Number(),
  minimum_accuracy,
});
export type ImportJob = Static<typeof ImportJob>;

/** Needs a parent in the role `model`, and one `compared:<n>` for each net whose correct answers count. */
export const MeasureJob = Type.Object({
  kind: Type.Literal('measure'),
  ...onDataset,
  metric: Type.Enum([...metricNames]),
  parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Where the metric has any.' })),
  examples: ExamplesSpec,
});
export type MeasureJob = Static<typeof MeasureJob>;

/**
 * Needs a parent in the role `model`, and one `compared:<n>` for each net whose correct answers count; of a transfer,
 * one in the role `source`, which the images are made on.
 */
export const AttackJob = Type.Object({
  kind: Type.Literal('attack'),
  ...onDataset,
  attack: Type.String(),
  parameters: Type.Record(Type.String(), Type.Unknown()),
  examples: ExamplesSpec,
});
export type AttackJob = Static<typeof AttackJob>;

/** Needs a parent in the role `model`, one `compared:<n>` for each net whose correct answers count, and one `surrogate:<n>` each. */
export const EvaluateJob = Type.Object({
  kind: Type.Literal('evaluate'),
  ...onDataset,
  threat: EvaluationParameters,
  examples: ExamplesSpec,
});
export type EvaluateJob = Static<typeof EvaluateJob>;

/** What a job computes, whole: with its inputs' fingerprints it is hashed to the job's own fingerprint. */
export const JobSpec = Type.Union([TrainJob, DistillJob, DeployJob, ImportJob, MeasureJob, AttackJob, EvaluateJob]);
export type JobSpec = Static<typeof JobSpec>;

/** What a job stands for in its experiment. */
export const JobLabels = Type.Object({
  model: Type.String({ description: 'The name of the net that it makes, measures or attacks.' }),
  attack: Type.Optional(Type.String({ description: 'The name of the attack in the spec.' })),
  source: Type.Optional(
    Type.String({ description: 'Of a transfer: the name of the net that the images are made on.' }),
  ),
  metric: Type.Optional(Type.String()),
  evaluation: Type.Optional(Type.String({ description: 'The name of the evaluation in the spec.' })),
  seed: Type.Integer(),
  grid: Type.Record(Type.String(), Type.Unknown(), { description: 'The value of each grid axis that it depends on.' }),
});
export type JobLabels = Static<typeof JobLabels>;

/** How far a job is. */
export const Progress = Type.Object({
  fraction: Type.Number({ minimum: 0, maximum: 1 }),
  message: Type.Optional(Type.String({ description: 'Such as `epoch 2 of 3`.' })),
});
export type Progress = Static<typeof Progress>;
