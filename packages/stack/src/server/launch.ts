import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openLog } from './log-file.js';

/** How to run one server of the stack. */
export interface ServerPlan {
  /** As in a log line: "PostgreSQL". */
  name: string;
  /**
   * The Node module that runs the server, sends a message once it does, and ends it when the channel to this process
   * closes.
   */
  module: URL;
  arguments(port: number): string[];
  logFile: string;
  /** Clears away what an earlier run left. */
  prepare?(): Promise<void>;
  /** Asks the server for its version; fails while it cannot answer, or where another server answers on that port. */
  probe(port: number): Promise<string>;
  /** What the server's log says where trying again may help. */
  passing: RegExp;
}

/** A server that answers. */
export interface LaunchedServer {
  process: ChildProcess;
  version: string;
}

/** A server did not start; the message holds what it wrote to its log. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';

  constructor(
    message: string,
    readonly mayPass: boolean,
  ) {
    super(message);
  }
}

/** How long a server may take until it answers, in milliseconds: a database may have a log to replay. */
const START_LIMIT_MS = 60_000;
const PROBE_EVERY_MS = 50;

/** How long a server may take to end, in milliseconds: longer than a guard takes to try all its signals. */
const STOP_LIMIT_MS = 40_000;

/**
 * Starts a server and waits until it answers.
 *
 * @throws ServerStartError
 */
export async function launch(plan: ServerPlan, port: number): Promise<LaunchedServer> {
  await plan.prepare?.();
  const log = await openLog(plan.logFile);
  const server = fork(fileURLToPath(plan.module), plan.arguments(port), {
    detached: true, // Ctrl-C reaches this process only, which still needs its servers to stop well
    stdio: ['ignore', log.file.fd, log.file.fd, 'ipc'],
    execArgv: [],
  });
  await log.file.close();
  try {
    return { process: server, version: await answer(plan, port, server) };
  } catch (error) {
    await end(server);
    const said = await log.since();
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServerStartError(
      `${plan.name} did not start: ${reason} ${plan.logFile} says:\n${said}`,
      plan.passing.test(said),
    );
  }
}

/** Lets go of a server, which ends it, and waits until it has. */
export async function end(server: ChildProcess): Promise<void> {
  if (server.connected) server.disconnect();
  const timer = setTimeout(() => server.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended(server);
  clearTimeout(timer);
}

/** Waits until a server has ended; returns how. */
export async function ended(server: ChildProcess): Promise<string> {
  if (!hasEnded(server)) await once(server, 'exit');
  return server.signalCode ?? `status ${server.exitCode}`;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function answer(plan: ServerPlan, port: number, server: ChildProcess): Promise<string> {
  await Promise.race([once(server, 'message'), once(server, 'exit')]);
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (hasEnded(server)) throw new Error(`it ended by itself (${await ended(server)}).`);
    try {
      return await plan.probe(port);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(PROBE_EVERY_MS);
    }
  }
}
