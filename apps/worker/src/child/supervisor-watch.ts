import { workerData } from 'node:worker_threads';

/** What the thread watches for. */
export interface Watched {
  /** The process that has forked this one, as long as it lives. */
  readonly supervisor: number;
}

const EVERY_MS = 1000;

/**
 * The thread beside a computation that ends its process, and what that has started, once the supervisor is gone.
 *
 * The kernel gives the children of a process that ends to another parent.
 */
const { supervisor } = workerData as Watched;
setInterval(() => {
  if (process.ppid !== supervisor) process.kill(-process.pid, 'SIGKILL');
}, EVERY_MS);
