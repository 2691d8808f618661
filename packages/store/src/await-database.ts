import { setTimeout as after } from 'node:timers/promises';
import type { Database } from './database.js';
import { Prisma } from './generated/client.js';

/** Milliseconds between two questions. */
const DELAY_MS = 1000;
/** Prisma's codes for a password that is wrong, a database that is not there, and one that is not this user's. */
const WRONG: readonly string[] = ['P1000', 'P1003', 'P1010'];

/**
 * Waits until the database answers, however long that takes: a process may be started before its database.
 *
 * @param onAway told of each time that it did not answer
 * @throws what the database says where `DATABASE_URL` cannot be right
 */
export async function awaitDatabase(db: Database, onAway: (error: unknown) => void): Promise<void> {
  for (;;) {
    try {
      await db.$queryRaw`SELECT 1`;
      return;
    } catch (error) {
      if (error instanceof Prisma.PrismaClientKnownRequestError && WRONG.includes(error.code)) throw error;
      onAway(error);
    }
    await after(DELAY_MS);
  }
}
