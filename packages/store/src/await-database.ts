import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import type { Database } from './database.js';

/** Milliseconds between two questions. */
const DELAY_MS = 1000;
/** PostgreSQL's codes for a user or a password that is wrong, a database that is not there, and one that is not this user's. */
const WRONG = /^(28000|28P01|3D000|42501)$/;

/**
 * Waits until the database answers, however long that takes: a process may be started before its database.
 *
 * @param onAway told of each time that it did not answer
 * @throws what the database says where `DATABASE_URL` cannot be right
 */
export async function awaitDatabase(db: Database, onAway: (error: unknown) => void): Promise<void> {
  for (;;) {
    try {
      await db.sql.$queryRaw`SELECT 1`;
      return;
    } catch (error) {
      if (error instanceof pg.DatabaseError && WRONG.test(error.code ?? '')) throw error;
      onAway(error);
    }
    await after(DELAY_MS);
  }
}
