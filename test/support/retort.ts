import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testDatabase, type TestDatabase } from '@retort/stack/testing';

const root = new URL('../../', import.meta.url);
const entries = { api: 'apps/api/dist/server.js', worker: 'apps/worker/dist/main.js' };
/** Milliseconds that a process may take to end when it is told to, before it is killed. */
const END_LIMIT_MS = 40_000;

/** What asks one API process. */
export interface Client {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: T }>;
}

/** A further API process. */
export interface TestApi extends Client {
  readonly process: ChildProcess;
}

/** The service as it runs in production: API processes and worker processes, over a real Postgres and Valkey. */
export interface TestRetort extends TestApi {
  /** Where all that it keeps lies: artifacts, scratch files. */
  readonly folder: string;
  /** What its processes are started with. */
  readonly environment: Readonly<Record<'DATABASE_URL' | 'REDIS_URL' | 'RETORT_PREFIX', string>>;
  /** Starts an API process beside the first. */
  startApi(environment?: Record<string, string>): Promise<TestApi>;
  /** Starts a worker and waits until it is online. */
  startWorker(environment?: Record<string, string>): Promise<ChildProcess>;
  /** Ends every process, and removes the folder and the database. */
  stop(): Promise<void>;
}

/**
 * Starts an API of its own artifact folder; workers are started by the test.
 *
 * @param options.servers what it runs on; a database of its own on the servers that all tests share where absent
 * @param options.environment of all its processes
 */
export async function startRetort({
  servers,
  environment: common = {},
}: { servers?: TestDatabase; environment?: Record<string, string> } = {}): Promise<TestRetort> {
  const database = servers ?? (await testDatabase());
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
    ...common,
  };

  async function start(part: keyof typeof entries, readyType: string, environment: Record<string, string>) {
    const child = fork(fileURLToPath(new URL(entries[part], root)), {
      env: { ...process.env, ...shared, ...environment },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Not those with which this process runs the tests.
      execArgv: [],
    });
    processes.push(child);
    const [message] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`${part} ended with ${String(code)}`))),
    ])) as [{ type: string; url?: string }];
    if (message.type !== readyType) throw new Error(`${part} said ${JSON.stringify(message)}`);
    return { child, message };
  }

  async function startApi(environment: Record<string, string> = {}): Promise<TestApi> {
    const { child, message } = await start('api', 'listening', { PORT: '0', ...environment });
    return { ...clientOf(message.url!), process: child };
  }

  const stop = async () => {
    for (const child of processes.reverse()) await endProcess(child);
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return {
      ...(await startApi()),
      folder,
      environment: shared,
      startApi,
      startWorker: async (environment = {}) =>
        (await start('worker', 'online', { RETORT_CONCURRENCY: '1', ...environment })).child,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function clientOf(url: string): Client {
  return {
    url,
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
  };
}

/** Tells a process to end, and waits until it has; one that does not is killed. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  // A process that a test has stopped hears of nothing else before it goes on.
  child.kill('SIGCONT');
  const deadline = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
  await gone;
  clearTimeout(deadline);
}
