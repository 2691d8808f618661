import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StackOptions } from '../start-stack.js';

interface Urls {
  databaseUrl: string;
  redisUrl: string;
}

/** A process of its own that runs a stack, and that a test may kill. */
export interface StackProcess extends Urls {
  process: ChildProcess;
  pid: number;
  /** Stops the stack, and with it the process. */
  stop(): Promise<void>;
}

const PROGRAM = `
  import { startStack } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
  const log = { info() {}, warn() {}, error: console.error };
  const stack = await startStack({ ...JSON.parse(process.argv[1]), log });
  process.once('disconnect', () => stack.stop());
  process.send({ databaseUrl: stack.databaseUrl, redisUrl: stack.redisUrl });
`;

/** Begins to run a stack in a process of its own. */
export function spawnStack(options: Omit<StackOptions, 'log'>): ChildProcess {
  const args = ['--input-type=module', '--eval', PROGRAM, JSON.stringify(options)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
}

/** Runs a stack in a process of its own, and waits until it is ready. */
export async function runStack(options: Omit<StackOptions, 'log'>): Promise<StackProcess> {
  const child = spawnStack(options);
  const errors = text(child.stderr!);
  const [urls] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [Urls | number | null];
  if (urls === null || typeof urls === 'number') throw new Error(`The stack ended: ${await errors}`);
  return {
    ...urls,
    process: child,
    pid: child.pid!,
    stop: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

/** Repeats `ask` until it succeeds. */
export async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch {
      await sleep(50);
    }
  }
}
