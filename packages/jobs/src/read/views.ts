import {
  EngineDescription,
  ExperimentSpec,
  JobKind,
  jobKinds,
  JobLabels,
  JobResult,
  JobSpec,
  JobStatus,
  jobStatuses,
  openStatuses,
  JsonNumber,
  Progress,
  Reason,
  Scope,
  UploadContents,
  WantedEngine,
} from '@retort/contracts';
import { Type, type Static, type TSchema } from 'typebox';

const DateTime = Type.String({ format: 'date-time' });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** How many jobs are in each status. */
export const JobCounts = Type.Object(
  Object.fromEntries(jobStatuses.map((status) => [status, Type.Integer({ minimum: 0 })])) as Record<
    JobStatus,
    ReturnType<typeof Type.Integer>
  >,
);
export type JobCounts = Record<JobStatus, number>;

/** An experiment as it is read. */
export const ExperimentView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: orNull(Type.String()),
  metadata: Type.Record(Type.String(), Type.String()),
  status: Type.Enum(['running', 'succeeded', 'failed', 'cancelled'], {
    description: '`running` until its last job has ended; then failed if any job failed, cancelled if any was.',
  }),
  jobs: Type.Object({
    total: Type.Integer(),
    open: Type.Integer({ description: 'Jobs that have not ended.' }),
    reused: Type.Integer({ description: 'Jobs whose results were taken over from equal ones of before.' }),
    by_status: JobCounts,
  }),
  api_key_id: orNull(Type.String({ description: 'The API key that submitted it; null for a service without keys.' })),
  retry_of: orNull(
    Type.String({
      description:
        'The experiment of which it computes again what did not succeed; null where it is no retry. That one may have been deleted since.',
    }),
  ),
  created_at: DateTime,
  finished_at: orNull(DateTime),
  spec: Type.Unsafe<ExperimentSpec>(ExperimentSpec),
});
export type ExperimentView = Static<typeof ExperimentView>;

/** An artifact of a job. */
export const ArtifactView = Type.Object({
  name: Type.String({ description: 'Such as `weights` or `adversarial`.' }),
  sha256: Type.String(),
  bytes: Type.Integer(),
  media_type: Type.String(),
});
export type ArtifactView = Static<typeof ArtifactView>;

const detail = Type.String({ description: 'The same in a sentence.' });

/** What a job that is blocked, queued or paused waits for. */
export const WaitingFor = Type.Union(
  [
    Type.Object({
      what: Type.Literal('parents'),
      parents: Type.Integer({ description: 'Jobs that must succeed before it.' }),
      detail,
    }),
    Type.Object({
      what: Type.Literal('job'),
      job: Type.String({ description: 'An equal job that is computed now, whose result it takes over.' }),
      detail,
    }),
    Type.Object({ what: Type.Literal('resume'), detail }),
    Type.Object({ what: Type.Literal('retry'), until: DateTime, detail }),
    Type.Object({ what: Type.Literal('worker'), workers: Type.Literal(0), detail }),
    Type.Object({ what: Type.Literal('engine'), engine: WantedEngine, workers: Type.Literal(0), detail }),
    Type.Object({
      what: Type.Literal('limit'),
      limit: Type.Enum([...jobKinds, 'api_key'], { description: 'The kind of job, or the API key, that is bounded.' }),
      running: Type.Integer({ description: 'Tasks that run or were sent to a worker.' }),
      allowed: Type.Integer(),
      detail,
    }),
    Type.Object({
      what: Type.Literal('slot'),
      running: Type.Integer({ description: 'Tasks on the workers that can run it.' }),
      slots: Type.Integer({ description: 'Tasks that they can run at once.' }),
      detail,
    }),
  ],
  {
    description:
      'What it waits for where it is blocked, queued or paused: its parents, an equal job, to be resumed, its next attempt, any worker at all, a worker with its engine, a limit, or a free slot.',
  },
);
export type WaitingFor = Static<typeof WaitingFor>;

/** How many jobs have not ended, by status. */
export const OpenJobCounts = Type.Pick(JobCounts, openStatuses);
export type OpenJobCounts = Pick<JobCounts, 'blocked' | 'queued' | 'running' | 'paused'>;

/** What waits, and for what, by Postgres. */
export const QueueView = Type.Object({
  counted_at: Type.String({
    format: 'date-time',
    description: 'Now; where more than 10 000 tasks wait, up to 15 s ago, since they are counted one by one.',
  }),
  jobs: Type.Unsafe<OpenJobCounts>(OpenJobCounts),
  unsent: Type.Integer({ description: 'Deliveries that wait in Postgres for a slot, a limit or Redis.' }),
  waiting: Type.Array(
    Type.Object({
      api_key_id: orNull(Type.String()),
      kind: JobKind,
      engine: orNull(WantedEngine),
      priority: Type.Integer({ description: 'Of the job, or of one that follows it and would go first.' }),
      tasks: Type.Integer(),
      oldest_seconds: Type.Integer({
        description: 'Since the oldest of them was submitted, or what it goes in the place of.',
      }),
    }),
    { description: 'Tasks that no worker has claimed, by what decides their order; the largest groups first.' },
  ),
  slots: Type.Array(
    Type.Object({
      engine: Type.String(),
      slots: Type.Integer({ description: 'Tasks that the live workers with this engine run at once.' }),
      running: Type.Integer(),
      sent: Type.Integer({ description: 'Deliveries on their way to them.' }),
    }),
  ),
  limits: Type.Array(Type.Object({ kind: JobKind, allowed: Type.Integer(), running: Type.Integer() }), {
    description: 'How many tasks of a kind may run at once, where it is bounded.',
  }),
});
export type QueueView = Static<typeof QueueView>;

/** A job as it is read. */
export const JobView = Type.Object({
  id: Type.String(),
  experiment_id: Type.String(),
  kind: JobKind,
  name: Type.String({ description: 'Such as `t20`, or `pgd on t20`.' }),
  status: JobStatus,
  reason: orNull(Reason),
  detail: orNull(Type.String({ description: 'The reason in a sentence, with names and numbers.' })),
  waiting_for: orNull(WaitingFor),
  priority: Type.Integer({ description: 'Larger goes first among the jobs of one API key.' }),
  engine: orNull(WantedEngine),
  cancel_requested: Type.Boolean({ description: 'Whether a running job has been asked to stop.' }),
  labels: JobLabels,
  spec: JobSpec,
  fingerprint: Type.String({ description: 'Hash of the spec and of its inputs: equal jobs have equal ones.' }),
  seed: Type.Integer(),
  progress: Progress,
  result: orNull(JobResult),
  parents: Type.Array(
    Type.Object({ role: Type.String({ description: '`teacher`, `model` or `compared:<n>`.' }), id: Type.String() }),
  ),
  reused_from: orNull(Type.String({ description: 'The equal job whose result was taken over.' })),
  attempts: Type.Object({
    started: Type.Integer(),
    spent: Type.Integer({ description: 'Those that count against the maximum, of the task that has most.' }),
    max: Type.Integer({ description: 'Of each task.' }),
  }),
  shards: Type.Integer({ description: 'Into how many parts its examples are split; 1 where it is whole.' }),
  artifacts: Type.Array(ArtifactView),
  created_at: DateTime,
  queued_at: orNull(DateTime),
  started_at: orNull(DateTime),
  finished_at: orNull(DateTime),
});
export type JobView = Static<typeof JobView>;

const TaskRoleView = Type.Enum(['whole', 'part', 'merge'], {
  description: 'What of the job it does: all, a part of the examples, or the merge of what the parts have found.',
});
const Shard = Type.Integer({ description: 'Which part it is, from 0; 0 where it is none.' });

/** A task of a job: what one worker takes at a time. */
export const TaskView = Type.Object({
  id: Type.String(),
  role: TaskRoleView,
  shard: Shard,
  shards: Type.Integer({ description: 'How many parts the job has; 1 where it is whole.' }),
  status: JobStatus,
  attempt: Type.Integer({
    description: 'The number of the attempt that waits or runs, or was the last; 0 before any.',
  }),
  worker_id: orNull(Type.String({ description: 'The worker that has it, or had it last.' })),
  progress: Type.Number({ minimum: 0, maximum: 1 }),
  started_at: orNull(DateTime),
});
export type TaskView = Static<typeof TaskView>;

/** One run of a task by a worker. */
export const AttemptView = Type.Object({
  id: Type.String(),
  role: TaskRoleView,
  shard: Shard,
  number: Type.Integer(),
  worker_id: Type.String(),
  engine: orNull(EngineDescription),
  started_at: DateTime,
  finished_at: orNull(DateTime),
  reason: orNull(Reason),
  detail: orNull(Type.String()),
});
export type AttemptView = Static<typeof AttemptView>;

/** A point of one of a job's curves. */
export const MetricView = Type.Object({
  name: Type.String({ description: 'Such as `train_loss`.' }),
  step: Type.Integer(),
  epoch: orNull(Type.Integer()),
  value: JsonNumber,
  created_at: DateTime,
});
export type MetricView = Static<typeof MetricView>;

/** A net that a job has made. */
export const ModelView = Type.Object({
  id: Type.String(),
  job_id: Type.String(),
  experiment_id: Type.String(),
  name: Type.String(),
  kind: JobKind,
  architecture: Type.String(),
  dataset: Type.String(),
  training_temperature: Type.Number(),
  deployment_temperature: Type.Number(),
  test_accuracy: Type.Number(),
  weights_sha256: Type.String(),
  created_at: DateTime,
});
export type ModelView = Static<typeof ModelView>;

/** An API key, without its secret. */
export const ApiKeyView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  prefix: Type.String({ description: 'The first characters of its secret.' }),
  status: Type.Enum(['active', 'expired', 'revoked']),
  scopes: Type.Array(Scope),
  max_running: orNull(Type.Integer({ description: 'Tasks of its experiments that may run at once.' })),
  requests_per_minute: orNull(Type.Integer()),
  created_at: DateTime,
  last_used_at: orNull(Type.String({ format: 'date-time', description: 'To within a minute.' })),
  expires_at: orNull(DateTime),
  revoked_at: orNull(DateTime),
  previous_secret_until: orNull(
    Type.String({ format: 'date-time', description: 'Until when the secret before the last rotation is taken, too.' }),
  ),
});
export type ApiKeyView = Static<typeof ApiKeyView>;

/** A file that a person sent. */
export const UploadView = Type.Object({
  sha256: Type.String({ description: 'By which a spec names it.' }),
  bytes: Type.Integer(),
  ...UploadContents.properties,
  created_at: DateTime,
});
export type UploadView = Static<typeof UploadView>;

/** A worker, and what it computes with. */
export const WorkerView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  host: Type.String(),
  pid: Type.Integer(),
  version: Type.String(),
  status: Type.Enum(['online', 'draining', 'offline']),
  engine: orNull(EngineDescription),
  concurrency: Type.Integer({ description: 'Tasks at once.' }),
  concurrency_why: orNull(Type.String({ description: 'What decided that number, in a sentence.' })),
  running: Type.Integer({ description: 'Tasks that it holds now.' }),
  drain_requested: Type.Boolean({ description: 'Whether it was asked to hand its tasks back and end.' }),
  started_at: DateTime,
  heartbeat_at: DateTime,
});
export type WorkerView = Static<typeof WorkerView>;

/** A place where two results differ. */
export const Difference = Type.Object({
  pointer: Type.String({ description: 'JSON pointer into both.' }),
  original: Type.Unknown({ description: 'Null also where there is nothing.' }),
  again: Type.Unknown(),
});
export type Difference = Static<typeof Difference>;

/** What the store holds of an artifact. */
export const ArtifactState = Type.Enum(['intact', 'damaged', 'absent']);
export type ArtifactState = Static<typeof ArtifactState>;

const Maker = Type.Object({
  engine: Type.String(),
  versions: Type.Record(Type.String(), Type.String()),
  device: Type.String(),
  code_version: Type.String(),
});

/** A job computed again, compared with what it had come to. */
export const VerificationView = Type.Object({
  job_id: Type.String({ description: 'The job that computes again.' }),
  experiment_id: Type.String({ description: 'Its experiment, which has no other job.' }),
  original_id: Type.String({ description: 'The job that is verified.' }),
  outcome: Type.Enum(['pending', 'equal', 'differs', 'failed'], {
    description:
      '`equal`: the result is the same to the last bit, so are the hashes of all artifacts, and the store still has their bytes. `failed`: the job could not be computed again; `reason` and `detail` say why.',
  }),
  status: JobStatus,
  reason: orNull(Reason),
  detail: orNull(Type.String()),
  made_by: Type.Object({ original: orNull(Maker), again: orNull(Maker) }),
  differences: orNull(
    Type.Array(Difference, {
      description:
        'Where the results differ, at most a hundred places; null until both are there. Times are not compared.',
    }),
  ),
  provenance: orNull(
    Type.Array(Difference, { description: 'Where their provenance differs, which makes no result unequal.' }),
  ),
  artifacts: Type.Array(
    Type.Object({
      name: Type.String(),
      original: orNull(Type.String({ description: 'Its sha256.' })),
      again: orNull(Type.String()),
      stored: Type.Enum(['intact', 'damaged', 'absent'], {
        description: 'Whether the store had the bytes of this hash when the verification was asked for.',
      }),
      equal: Type.Boolean(),
    }),
  ),
  created_at: DateTime,
});
export type VerificationView = Static<typeof VerificationView>;
