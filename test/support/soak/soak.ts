import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestServers } from '@retort/stack/testing';
import { endProcess, startRetort, type TestApi, type TestRetort } from '../retort.js';
import { startTcpProxy } from '../tcp-proxy.js';
import { Crew } from './crew.js';
import { happen, type Scene } from './faults.js';
import { Load } from './load.js';
import { MemoryWatch } from './memory-watch.js';
import { drawFaults } from './schedule.js';

export interface TestWorker {
  readonly process: ChildProcess;
}

/** Short, so that what a fault breaks is mended within the soak. */
const terms = {
  RETORT_LEASE_SECONDS: '6',
  RETORT_HEARTBEAT_SECONDS: '1',
  RETORT_GRACE_SECONDS: '3',
  RETORT_CHECKPOINT_SECONDS: '1',
};

/** A Retort under load to which faults happen. */
export interface Soak {
  readonly retort: TestRetort;
  /** The identifiers of all that was accepted. */
  readonly accepted: readonly string[];
  readonly memory: MemoryWatch;
  /** Ends all of its processes, then runs a worker once more: it removes what killed ones have left. */
  sendHome(): Promise<void>;
  /** Ends all processes and servers, and removes what they keep. */
  stop(): Promise<void>;
}

/**
 * Runs two APIs and three workers under load while faults happen, then mends what is broken and lets the load end.
 *
 * The first API, which is asked in the end, and one worker more are not killed: on them it shows whether memory grows.
 */
export async function runSoak({ seed, seconds }: { seed: number; seconds: number }): Promise<Soak> {
  const servers = await startTestServers();
  const endings: (() => unknown)[] = [() => servers.drop()];
  const stop = async () => {
    for (const end of endings.reverse()) await end();
  };
  try {
    const proxies = {
      postgres: await startTcpProxy(servers.postgres.url),
      redis: await startTcpProxy(servers.redis.url),
    };
    endings.push(() => Object.values(proxies).forEach((proxy) => proxy.close()));
    const urls = { databaseUrl: proxies.postgres.url, redisUrl: proxies.redis.url, drop: () => Promise.resolve() };
    const retort = await startRetort({ servers: urls, environment: { ...terms, LOG_LEVEL: 'fatal' } });
    endings.push(() => retort.stop());
    const lasting = { process: await retort.startWorker() };
    const apis = new Crew<TestApi>(() => retort.startApi(), 1);
    const workers = new Crew<TestWorker>(async () => ({ process: await retort.startWorker() }), 2);
    endings.push(() => Promise.all([apis.dismiss(), workers.dismiss()]));
    await Promise.all([apis.complete(), workers.complete()]);

    const memory = new MemoryWatch({ API: retort.process.pid!, worker: lasting.process.pid! });
    endings.push(() => memory.stop());
    let turn = 0;
    const all = () => [retort, ...apis.present];
    const load = new Load(() => all()[turn++ % all().length], seed);
    endings.push(() => load.abandon());
    await suffer({ servers, proxies, apis, workers, lasting }, { seed, seconds });
    await load.stop();
    await Promise.all([apis.complete(), workers.complete()]);
    const sendHome = async () => {
      await Promise.all([apis.dismiss(), workers.dismiss(), endProcess(lasting.process), endProcess(retort.process)]);
      await endProcess(await retort.startWorker());
    };
    return { retort, accepted: [...load.accepted.keys()], memory, sendHome, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Lets the faults happen, each at its time; those of one server wait for each other. */
async function suffer(scene: Scene, { seed, seconds }: { seed: number; seconds: number }): Promise<void> {
  const began = performance.now();
  const happening: Promise<void>[] = [];
  const errors: unknown[] = [];
  const busy = { Redis: Promise.resolve(), Postgres: Promise.resolve() };
  for (const fault of drawFaults(seed, seconds)) {
    await sleep(Math.max(0, fault.at - (performance.now() - began)));
    const server = (['Redis', 'Postgres'] as const).find((name) => fault.kind.includes(name));
    const before = server ? busy[server] : Promise.resolve();
    const over = before.then(() => happen(fault, scene)).catch((error: unknown) => void errors.push(error));
    if (server) busy[server] = over;
    happening.push(over);
  }
  await Promise.all(happening);
  if (errors.length > 0) throw new AggregateError(errors, 'faults of the soak could not be made to happen');
}
