import { setTimeout as sleep } from 'node:timers/promises';
import { identify } from '../data-folder/process-identity.js';

/** How long a signal may take, in milliseconds, before the next, harder one is sent. */
const GRACE_MS = 10_000;
const POLL_MS = 20;

/**
 * Ends a process and waits until it is gone.
 *
 * @param signals sent one after another, from the gentlest, each when the one before did not help
 * @throws Error where the process outlives them all, or belongs to another user
 */
export async function endProcess(pid: number, signals: readonly NodeJS.Signals[]): Promise<void> {
  for (const signal of signals) {
    if (!send(pid, signal) || (await gone(pid))) return;
  }
  throw new Error(`The process ${pid} did not end on ${signals.join(', ')}.`);
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw new Error(`The process ${pid} must end first, but this user may not end it: end it by hand.`, { cause });
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let waited = 0; waited < GRACE_MS; waited += POLL_MS) {
    if ((await identify(pid)) === undefined) return true;
    await sleep(POLL_MS);
  }
  return false;
}
