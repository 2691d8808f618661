import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';
import type { Log } from './log.js';
import { end, ended, launch, ServerStartError, type LaunchedServer, type ServerPlan } from './launch.js';

/** A server of the stack, started again on its port whenever it ends without having been asked to. */
export interface RunningServer {
  port: number;
  version: string;
  stop(): Promise<void>;
}

/** How long to wait before a server is started again, in milliseconds: at first, and at most. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** How often a first start is tried where its failure may pass, each time with another port. */
const TRIES = 20;

/**
 * Starts a server on a free port and keeps it running until `stop`.
 *
 * @throws ServerStartError where it does not start
 */
export async function keepRunning(plan: ServerPlan, log: Log): Promise<RunningServer> {
  const { port, ...first } = await firstLaunch(plan);
  let { server } = first;
  log.info({ port, version: server.version }, `${plan.name} runs`);
  const stopping = new AbortController();

  const watch = async () => {
    for (;;) {
      const how = await ended(server.process);
      if (stopping.signal.aborted) return;
      log.warn({ how }, `${plan.name} ended by itself; starting it again`);
      const next = await relaunch(plan, port, log, stopping.signal);
      if (next === undefined) return;
      server = next;
      if (stopping.signal.aborted) await end(server.process);
    }
  };
  const watching = watch();

  return {
    port,
    version: server.version,
    stop: async () => {
      stopping.abort();
      await end(server.process);
      await watching;
    },
  };
}

/** Launches a server on a free port. */
export async function firstLaunch(plan: ServerPlan): Promise<{ port: number; server: LaunchedServer }> {
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    try {
      return { port, server: await launch(plan, port) };
    } catch (error) {
      if (!(error instanceof ServerStartError && error.mayPass) || tries === TRIES) throw error;
      await sleep(FIRST_PAUSE_MS * tries);
    }
  }
}

async function relaunch(
  plan: ServerPlan,
  port: number,
  log: Log,
  stopping: AbortSignal,
): Promise<LaunchedServer | undefined> {
  for (let pause = FIRST_PAUSE_MS; !stopping.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      const server = await launch(plan, port);
      log.info({ port }, `${plan.name} runs again`);
      return server;
    } catch (error) {
      log.error({ err: error }, `${plan.name} could not be started again`);
      await sleep(pause);
    }
  }
  return undefined;
}
