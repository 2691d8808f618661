import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Milliseconds in which a part must be ready: a GPU engine may take minutes for its self-check. */
const START_LIMIT_MS = 240_000;
/** Milliseconds in which a part must have ended; longer than a worker takes that hands back what it runs. */
const STOP_LIMIT_MS = 40_000;

export interface ServiceProcess {
  /** The message with which it said that it was ready. */
  readonly ready: unknown;
  /** Resolves when the process has ended well without having been stopped from here: a worker that was drained. */
  readonly ended: Promise<void>;
  /** Rejects when the process ends otherwise without having been stopped. */
  readonly failed: Promise<never>;
  /** Asks it to end, and waits until it has; it is killed where it does not in time. */
  stop(): Promise<void>;
}

/**
 * Starts the entry point of a part of the service as a process of its own, its output in a log file.
 *
 * @param part the package whose `./main` entry it is
 * @param readyType the type of the message by which the part says that it is ready
 * @throws Error with the end of the log where it does not become ready
 */
export async function startProcess(
  part: '@retort/api' | '@retort/worker',
  readyType: string,
  { environment, log }: { environment: Record<string, string>; log: string },
): Promise<ServiceProcess> {
  await mkdir(dirname(log), { recursive: true });
  const output = await open(log, 'a');
  const { size: begin } = await output.stat();
  const child = fork(fileURLToPath(import.meta.resolve(`${part}/main`)), {
    env: { ...process.env, ...environment },
    stdio: ['ignore', output.fd, output.fd, 'ipc'],
    // A Ctrl-C in the terminal reaches this process only; it then stops the parts in their order.
    detached: true,
  });
  await output.close();
  let isReady = false;
  let stopping = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      if (code === 0 && !stopping) resolve();
    });
  });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (stopping || (code === 0 && isReady)) return;
      const how = signal ? `by signal ${signal}` : `with exit code ${code}`;
      void endOf(log, begin).then(
        (tail) => reject(new Error(`${part} ended ${how}; the end of ${log}:\n${tail}`)),
        reject,
      );
    });
  });
  // Whoever waits for the process hears of its end; before anybody does, it is no unhandled rejection.
  failed.catch(() => undefined);
  const ready = new Promise<unknown>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`${part} was not ready in time; see ${log}`)), START_LIMIT_MS);
    failed.catch(() => clearTimeout(limit));
    child.on('message', (message: { type?: string }) => {
      if (message.type !== readyType) return;
      isReady = true;
      clearTimeout(limit);
      resolve(message);
    });
  });
  const stop = async () => {
    stopping = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    // One that was stopped hears of it only when it goes on.
    child.kill('SIGCONT');
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await gone;
    clearTimeout(limit);
  };
  try {
    return { ready: await Promise.race([ready, failed]), ended, failed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The last lines of what was logged since byte `begin`: what an earlier start has logged is no reason of this end. */
async function endOf(log: string, begin: number): Promise<string> {
  return (await readFile(log)).toString('utf8', begin).trimEnd().split('\n').slice(-15).join('\n');
}
