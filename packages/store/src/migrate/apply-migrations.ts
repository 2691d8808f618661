import { join } from 'node:path';
import pg from 'pg';
import { connectionSettings, maintain, schemaOf, withClient } from '../schema-engine/connection.js';
import { REPOSITORY } from './migration-names.js';
import { pendingMigrations } from './pending-migrations.js';
import { runPrisma } from './prisma-cli.js';

/** The advisory lock under which one start at a time migrates a database: an arbitrary number of Retort's own. */
const MIGRATION_LOCK = 7_376_847;

/** Postgres' codes for a database that does not exist, and for one that another start has just created. */
const NO_SUCH_DATABASE = '3D000';
const CREATED_MEANWHILE = ['42P04', '23505'];

/** The migrations did not reach the database; the message holds what Prisma's CLI or the database said. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * Creates the database if it does not exist and applies the migrations that it lacks, by `prisma migrate deploy`.
 * Several processes may do so at once: one applies, the others wait for it and then find nothing to do.
 *
 * @param options.databaseUrl as in `postgresql://user:password@host:5432/name`
 * @param options.log told of each migration applied
 * @param options.project the folder that holds prisma.config.ts and prisma/migrations; by default this repository's
 * @returns the names of the migrations that were applied now
 * @throws MigrationError where the database cannot be reached, or a migration fails, now or on an earlier start
 */
export async function applyMigrations({
  databaseUrl,
  log,
  project = REPOSITORY,
}: {
  databaseUrl: string;
  log: { info(fields: object, message: string): void };
  project?: string;
}): Promise<string[]> {
  const folder = join(project, 'prisma', 'migrations');
  refuseOtherSchema(databaseUrl);
  await ensureDatabase(databaseUrl);
  return withClient(connectionSettings(databaseUrl), async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]); // until this session ends
    const pending = await pendingMigrations(client, folder);
    if (pending.length === 0) return [];
    await deploy(databaseUrl, project, pending);
    log.info({ migrations: pending }, 'Applied migrations');
    return pending;
  });
}

async function deploy(databaseUrl: string, project: string, pending: string[]): Promise<void> {
  const what = `The migrations ${pending.join(', ')} could not be applied to the ${nameOf(databaseUrl)}`;
  const { status, output } = await runPrisma(['migrate', 'deploy'], { databaseUrl, project }).catch((cause: Error) => {
    throw new MigrationError(`${what}. ${cause.message}`, { cause });
  });
  if (status !== 0) throw new MigrationError(`${what}. Prisma's CLI ended with status ${status}:\n${output}`);
}

async function ensureDatabase(databaseUrl: string): Promise<void> {
  try {
    await withClient(connectionSettings(databaseUrl), async () => {});
  } catch (error) {
    if (codeOf(error) !== NO_SUCH_DATABASE) throw unreachable(databaseUrl, error);
    await createDatabase(databaseUrl);
  }
}

async function createDatabase(databaseUrl: string): Promise<void> {
  const name = pg.escapeIdentifier(connectionSettings(databaseUrl).database ?? '');
  try {
    await maintain(databaseUrl, `CREATE DATABASE ${name}`);
  } catch (error) {
    if (!CREATED_MEANWHILE.includes(codeOf(error) ?? '')) throw unreachable(databaseUrl, error);
  }
}

function refuseOtherSchema(databaseUrl: string): void {
  const schema = schemaOf(databaseUrl) ?? 'public';
  if (schema === 'public') return;
  throw new MigrationError(
    `DATABASE_URL names the schema "${schema}", but Retort keeps its tables in "public": give it a database of its own.`,
  );
}

function unreachable(databaseUrl: string, cause: unknown): MigrationError {
  const reason = cause instanceof Error ? cause.message || codeOf(cause) : String(cause);
  return new MigrationError(`The ${nameOf(databaseUrl)} cannot be used: ${reason}. Check DATABASE_URL.`, { cause });
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}

/** Names the database of a URL without the password. */
function nameOf(databaseUrl: string): string {
  const { host, port, database } = connectionSettings(databaseUrl);
  return `database ${database} at ${host}:${port ?? 5432}`;
}
