import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyMigrations } from '@retort/store';
import { planPostgres } from '../postgres/start-postgres.js';
import { planRedis } from '../redis/start-redis.js';
import { firstLaunch } from '../server/keep-running.js';
import { end, ended, launch, ServerStartError, type LaunchedServer, type ServerPlan } from '../server/launch.js';
import { findProcesses } from './processes.js';
import { SETTINGS } from './test-stack.js';

/** A server that is stopped and started by a test, always at the same address. */
export interface TestServer {
  readonly url: string;
  /** Shuts the server down and waits until it is gone. */
  stop(): Promise<void>;
  /** Ends the server by kill -9. */
  kill(): Promise<void>;
  /** Starts a server that was stopped or killed, and waits until it answers. */
  start(): Promise<void>;
}

/** A migrated PostgreSQL and a Redis of one test's own. */
export interface TestServers {
  readonly postgres: TestServer;
  readonly redis: TestServer;
  /** Ends the servers and removes their data. */
  drop(): Promise<void>;
}

const log = { info: () => undefined };

/** Starts a PostgreSQL and a Redis for a test that stops servers, as it must not those which all tests share. */
export async function startTestServers(): Promise<TestServers> {
  const dataDir = await realpath(await mkdtemp(join(tmpdir(), 'retort-servers-')));
  const started: TestServer[] = [];
  const drop = async () => {
    await Promise.all(started.map((server) => server.stop()));
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const folders = { redis: join(dataDir, 'redis-server'), postgres: join(dataDir, 'postgres-server') };
    for (const folder of Object.values(folders)) await mkdir(folder);
    const redis = await startServer(folders.redis, await planRedis(folders.redis));
    started.push(redis);
    const postgresPlan = await planPostgres({ dataDir: folders.postgres, settings: SETTINGS });
    const postgres = await startServer(folders.postgres, postgresPlan);
    started.push(postgres);
    await applyMigrations({ databaseUrl: postgres.url, log });
    return { postgres, redis, drop };
  } catch (error) {
    await drop();
    throw error;
  }
}

async function startServer(
  folder: string,
  { plan, urlOf }: { plan: ServerPlan; urlOf: (port: number) => string },
): Promise<TestServer> {
  const { port, server } = await firstLaunch(plan);
  let running: LaunchedServer | undefined = server;
  const letGo = () => {
    const stopping = running?.process;
    running = undefined;
    return stopping;
  };
  return {
    url: urlOf(port),
    stop: async () => {
      const stopping = letGo();
      if (stopping) await end(stopping);
    },
    kill: async () => {
      const stopping = letGo();
      if (!stopping) return;
      // A server that is no Node program is the child of a guard, which ends with it.
      const server = (await findProcesses(folder)).filter((pid) => pid !== stopping.pid);
      for (const pid of server.length > 0 ? server : [stopping.pid!]) process.kill(pid, 'SIGKILL');
      await ended(stopping);
    },
    start: async () => {
      running ??= await relaunch(plan, port);
    },
  };
}

/** Launches a server again; what outlives a killed one for a moment may hold its port or its memory. */
async function relaunch(plan: ServerPlan, port: number): Promise<LaunchedServer> {
  for (let tries = 1; ; tries++) {
    try {
      return await launch(plan, port);
    } catch (error) {
      if (!(error instanceof ServerStartError && error.mayPass) || tries === 20) throw error;
      await sleep(100 * tries);
    }
  }
}
