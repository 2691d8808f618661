import type { Client } from 'pg';
import { migrationNames } from './migration-names.js';

/**
 * Lists what `prisma migrate deploy` has to look at: migrations of the folder that the database lacks, and migrations
 * that once failed in the database. Asking costs a millisecond, starting Prisma's CLI more than a second.
 *
 * @param folder as in `prisma/migrations`
 * @returns names of migrations, in their order
 */
export async function pendingMigrations(client: Client, folder: string): Promise<string[]> {
  const { finished, failed } = await recordedMigrations(client);
  return [...failed, ...migrationNames(folder).filter((name) => !finished.includes(name) && !failed.includes(name))];
}

async function recordedMigrations(client: Client): Promise<{ finished: string[]; failed: string[] }> {
  const table = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
  );
  if (!table.rows[0]?.exists) return { finished: [], failed: [] };
  const { rows } = await client.query<{ name: string; finished: boolean }>(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  const names = (finished: boolean) => rows.filter((row) => row.finished === finished).map((row) => row.name);
  return { finished: names(true), failed: names(false) };
}
