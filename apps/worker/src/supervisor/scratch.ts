import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Database } from '@retort/store';

/** Days after which the scratch files of a worker on another machine that is not heard of are nobody's. */
const ABANDONED_DAYS = 1;

/**
 * Removes the scratch folders of workers that ended without removing them: killed, or with their machine.
 *
 * @param scratchFolder the folder that holds one folder for each worker, named by its identifier
 */
export async function removeAbandonedScratch(
  { db, now }: { db: Database; now: Date },
  scratchFolder: string,
): Promise<void> {
  const ids = await readdir(scratchFolder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const workers = await db.sql.$queryRaw<{ id: string; host: string; pid: number; heartbeatAt: Date }[]>`
    SELECT id, host, pid, heartbeat_at AS "heartbeatAt" FROM workers WHERE id = ANY(${ids}::text[])`;
  const abandoned = workers.filter(({ host, pid, heartbeatAt }) =>
    host === hostname() ? !runs(pid) : now.getTime() - heartbeatAt.getTime() > ABANDONED_DAYS * 86_400_000,
  );
  await Promise.all(abandoned.map(({ id }) => rm(join(scratchFolder, id), { recursive: true, force: true })));
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
