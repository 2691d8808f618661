import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { TestServers } from '@retort/stack/testing';
import { childrenOf } from '../processes.js';
import type { TestApi } from '../retort.js';
import type { TcpProxy } from '../tcp-proxy.js';
import type { Crew } from './crew.js';
import type { Fault } from './schedule.js';
import type { TestWorker } from './soak.js';

/** What faults happen to. */
export interface Scene {
  readonly servers: TestServers;
  readonly proxies: { readonly postgres: TcpProxy; readonly redis: TcpProxy };
  readonly apis: Crew<TestApi>;
  readonly workers: Crew<TestWorker>;
  /** A worker more, which is neither killed nor drained: whatever else happens, happens to it, too. */
  readonly lasting: TestWorker;
}

/** Makes a fault happen, and mends it where nothing else does; resolves once it is over. */
export async function happen(
  { kind, whom, lasts }: Fault,
  { servers, proxies, apis, workers, lasting }: Scene,
): Promise<void> {
  const chosen = <T>(from: readonly T[]): T | undefined => from[Math.floor(whom * from.length)];
  switch (kind) {
    case 'kill an API':
      chosen(apis.present)?.process.kill('SIGKILL');
      return;
    case 'kill a worker':
      chosen(workers.present)?.process.kill('SIGKILL');
      return;
    case 'drain a worker':
      chosen(workers.present)?.process.kill('SIGTERM');
      return;
    case 'kill a compute child': {
      const children = await Promise.all([lasting, ...workers.present].map(({ process }) => childrenOf(process.pid!)));
      const child = chosen(children.flat());
      if (child !== undefined) killIfThere(child);
      return;
    }
    case 'stop and continue a worker': {
      const { process: worker } = chosen([lasting, ...workers.present])!;
      worker.kill('SIGSTOP');
      await sleep(lasts);
      worker.kill('SIGCONT');
      return;
    }
    case 'empty Redis':
      return emptyRedis(servers.redis.url);
    case 'kill Redis':
      await servers.redis.kill();
      await sleep(lasts);
      return servers.redis.start();
    case 'restart Postgres':
      await servers.postgres.stop();
      await sleep(lasts);
      return servers.postgres.start();
    case 'cut all connections to Redis':
      return proxies.redis.cut();
    case 'cut all connections to Postgres':
      return proxies.postgres.cut();
    case 'freeze all connections to Redis':
      return proxies.redis.freeze('up', 'down');
    case 'freeze all connections to Postgres':
      return proxies.postgres.freeze('up', 'down');
  }
}

async function emptyRedis(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => null });
  await redis.flushall();
  redis.disconnect();
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
