import { applyMigrations } from './apply-migrations.js';

/** Applies the migrations to `DATABASE_URL`: what a container runs before the API and the workers start. */
const databaseUrl = process.env.DATABASE_URL;
if (!databaseUrl) {
  process.stderr.write('Set DATABASE_URL, as in postgresql://user:password@host:5432/name\n');
  process.exit(1);
}
const log = {
  info: (fields: object, message: string) => process.stdout.write(`${message} ${JSON.stringify(fields)}\n`),
};
const applied = await applyMigrations({ databaseUrl, log });
if (applied.length === 0) process.stdout.write('The database is up to date\n');
