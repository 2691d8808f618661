import { join } from 'node:path';
import type { Database } from '../database.js';
import { migrationNames, REPOSITORY } from './migration-names.js';

/** The database's tables are not those that this version of Retort is written for. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/**
 * Compares the migrations that a database has with those of this version, and changes nothing.
 *
 * @param project the folder that holds prisma/migrations; by default this repository's
 * @throws SchemaError where the database lacks some, or has others
 */
export async function checkSchema(db: Database, project: string = REPOSITORY): Promise<void> {
  const known = migrationNames(join(project, 'prisma', 'migrations'));
  const applied = await appliedMigrations(db);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new SchemaError(
      `The database has been migrated by a newer version of Retort: this one does not know ${unknown.join(', ')}. Start that version here, too.`,
    );
  }
  const lacking = known.filter((name) => !applied.includes(name));
  if (lacking.length > 0) {
    throw new SchemaError(
      `The database is of an older version of Retort: it lacks ${lacking.join(', ')}. Apply them with "npm run prisma -- migrate deploy", or "docker compose run migrate", and start this again.`,
    );
  }
}

async function appliedMigrations({ sql }: Database): Promise<string[]> {
  const [table] = await sql.$queryRaw<{ exists: boolean }[]>`
    SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`;
  if (!table!.exists) return [];
  const rows = await sql.$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`;
  return rows.map(({ name }) => name);
}
