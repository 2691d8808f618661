import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { readEnvironment } from '@retort/contracts';
import { artifactVariables, readArtifactLocation, type ArtifactLocation } from '@retort/store';
import { Type } from 'typebox';

/** The environment of a worker. */
const Environment = Type.Object({
  DATABASE_URL: Type.String({ description: 'postgresql://user:password@host:port/name' }),
  REDIS_URL: Type.String({ description: 'redis://host:port' }),
  RETORT_PREFIX: Type.String({ default: 'retort', description: 'What the keys in Redis begin with.' }),
  ...artifactVariables,
  RETORT_DATASETS: Type.Optional(Type.String({ description: 'A folder of your own copies of datasets.' })),
  RETORT_ENGINE: Type.Optional(Type.String({ description: 'Forces an engine; the best that works where absent.' })),
  RETORT_WORKER_NAME: Type.String({ default: hostname() }),
  RETORT_CONCURRENCY: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'Tasks at once, one thread and one child each; by cores, memory and GPUs where absent.',
    }),
  ),
  RETORT_CHILD_MEMORY_MB: Type.Optional(
    Type.Integer({
      minimum: 128,
      description: 'MiB that a child may hold; its share of four fifths of the memory where absent.',
    }),
  ),
  RETORT_GPUS: Type.Optional(
    Type.Integer({ minimum: 0, description: 'How many GPUs there are; as nvidia-smi tells where absent.' }),
  ),
  RETORT_LEASE_SECONDS: Type.Integer({
    minimum: 1,
    default: 30,
    description: 'How long the worker may be silent before its tasks are given to others.',
  }),
  RETORT_HEARTBEAT_SECONDS: Type.Integer({ minimum: 1, default: 5, description: 'How often it speaks.' }),
  RETORT_GRACE_SECONDS: Type.Integer({
    minimum: 1,
    default: 5,
    description: 'How long a child may take to stop when told to, before it is killed.',
  }),
  RETORT_SILENCE_SECONDS: Type.Integer({
    minimum: 1,
    default: 900,
    description: 'How long a child may compute without a sign of life, which it gives between two batches.',
  }),
  RETORT_CHECKPOINT_SECONDS: Type.Integer({
    minimum: 1,
    default: 30,
    description: 'How long an attack computes between two checkpoints; a training takes one after each epoch.',
  }),
  RETORT_STORAGE_PATIENCE_SECONDS: Type.Integer({
    minimum: 0,
    default: 60,
    description:
      'How long a result is held where the store does not take it, before the attempt ends and another follows.',
  }),
  LOG_LEVEL: Type.String({ default: 'info' }),
});

export interface WorkerSettings {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly artifacts: ArtifactLocation;
  readonly scratchFolder: string;
  readonly datasetFolder?: string;
  /** Where `retort dataset fetch` puts datasets. */
  readonly datasetCache: string;
  readonly engine?: string;
  readonly name: string;
  /** Tasks at once; what the machine holds where absent. */
  readonly concurrency?: number;
  /** Bytes that a child may hold; its share of the memory where absent. */
  readonly childMemory?: number;
  /** How many GPUs there are; what the driver tells where absent. */
  readonly gpus?: number;
  readonly leaseSeconds: number;
  readonly heartbeatSeconds: number;
  readonly graceSeconds: number;
  readonly silenceSeconds: number;
  readonly checkpointSeconds: number;
  readonly storagePatienceSeconds: number;
  readonly logLevel: string;
}

/**
 * Reads a worker's settings from its environment.
 *
 * @throws SettingsError that names each variable that is wrong, and what would be right
 */
export function readSettings(environment: NodeJS.ProcessEnv): WorkerSettings {
  const env = readEnvironment(Environment, environment);
  const data = resolve(env.RETORT_DATA);
  return {
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    prefix: env.RETORT_PREFIX,
    artifacts: readArtifactLocation(env),
    scratchFolder: resolve(data, 'scratch'),
    datasetFolder: env.RETORT_DATASETS,
    datasetCache: resolve(data, 'datasets'),
    engine: env.RETORT_ENGINE,
    name: env.RETORT_WORKER_NAME,
    concurrency: env.RETORT_CONCURRENCY,
    childMemory: env.RETORT_CHILD_MEMORY_MB && env.RETORT_CHILD_MEMORY_MB * 2 ** 20,
    gpus: env.RETORT_GPUS,
    leaseSeconds: env.RETORT_LEASE_SECONDS,
    heartbeatSeconds: env.RETORT_HEARTBEAT_SECONDS,
    graceSeconds: env.RETORT_GRACE_SECONDS,
    silenceSeconds: env.RETORT_SILENCE_SECONDS,
    checkpointSeconds: env.RETORT_CHECKPOINT_SECONDS,
    storagePatienceSeconds: env.RETORT_STORAGE_PATIENCE_SECONDS,
    logLevel: env.LOG_LEVEL,
  };
}
