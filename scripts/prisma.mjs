// Runs Prisma's CLI for developers: npm run prisma -- migrate dev --name add_something. It works on DATABASE_URL, else on
// the embedded PostgreSQL of the data folder, which it starts unless Retort runs there already.
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { readRunningStack, startStack } from '../packages/stack/dist/index.js';
import { runPrisma } from '../packages/store/dist/migrate/prisma-cli.js';

const project = fileURLToPath(new URL('../', import.meta.url));
const dataDir = resolve(project, process.env.RETORT_DATA || '.retort');

async function findDatabase() {
  const databaseUrl = process.env.DATABASE_URL || (await readRunningStack(dataDir))?.databaseUrl;
  if (databaseUrl) return { databaseUrl, stop: async () => {} };
  const log = { info() {}, warn: console.warn, error: console.error };
  return startStack({ dataDir, migrate: false, log });
}

const { databaseUrl, stop } = await findDatabase();
try {
  const { status } = await runPrisma(process.argv.slice(2), { databaseUrl, project, terminal: true });
  process.exitCode = status;
} finally {
  await stop();
}
