import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testDatabase } from '@retort/stack/testing';

const root = new URL('../../', import.meta.url);
const entries = { api: 'apps/api/dist/server.js', worker: 'apps/worker/dist/main.js' };

/** The service as it runs in production: an API process and worker processes, over a real Postgres and Valkey. */
export interface TestRetort {
  readonly url: string;
  /** Starts a worker and waits until it is online. */
  startWorker(environment?: Record<string, string>): Promise<ChildProcess>;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: T }>;
  stop(): Promise<void>;
}

/** Starts an API of its own database and artifact folder; workers are started by the test. */
export async function startRetort(): Promise<TestRetort> {
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'retort-test-'));
  const processes: ChildProcess[] = [];
  const shared = {
    DATABASE_URL: database.databaseUrl,
    REDIS_URL: database.redisUrl,
    RETORT_DATA: folder,
    // One Valkey serves all test files: each has keys of its own.
    RETORT_PREFIX: `retort-${new URL(database.databaseUrl).pathname.slice(1)}`,
    RETORT_ENGINE: 'wasm',
    LOG_LEVEL: 'warn',
  };

  async function start(part: keyof typeof entries, readyType: string, environment: Record<string, string>) {
    const child = fork(fileURLToPath(new URL(entries[part], root)), {
      env: { ...process.env, ...shared, ...environment },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    processes.push(child);
    const [message] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`${part} ended with ${String(code)}`))),
    ])) as [{ type: string; url?: string }];
    if (message.type !== readyType) throw new Error(`${part} said ${JSON.stringify(message)}`);
    return { child, message };
  }

  const { message } = await start('api', 'listening', { PORT: '0' });
  const url = message.url!;
  return {
    url,
    startWorker: async (environment = {}) =>
      (await start('worker', 'online', { RETORT_CONCURRENCY: '1', ...environment })).child,
    async get<T>(path: string) {
      const response = await fetch(url + path);
      if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    async post<T>(path: string, body?: unknown, headers = {}) {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as T };
    },
    async stop() {
      for (const child of processes.reverse()) await end(child);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
