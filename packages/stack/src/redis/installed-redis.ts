import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A Redis or Valkey server found on the PATH. */
export interface InstalledRedis {
  kind: 'valkey-server' | 'redis-server';
}

/** BullMQ's minimum. */
const OLDEST = [6, 2] as const;

/**
 * Finds `valkey-server` or `redis-server`, in this order, on the PATH.
 *
 * @returns undefined where there is neither, or only one too old for the queue (before 6.2)
 */
export async function findInstalledRedis(): Promise<InstalledRedis | undefined> {
  for (const kind of ['valkey-server', 'redis-server'] as const) {
    if (await isUsable(kind)) return { kind };
  }
  return undefined;
}

async function isUsable(command: string): Promise<boolean> {
  const output = await promisify(execFile)(command, ['--version']).then(
    ({ stdout }) => stdout,
    () => '', // not on the PATH, or it does not run here
  );
  // As in "Redis server v=7.0.15 sha=…".
  const [, major = 0, minor = 0] = (/\bv=(\d+)\.(\d+)/.exec(output) ?? []).map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}
