// Generates the Prisma client where it is missing or was made from another schema. A fresh clone runs this before
// anything is compiled, and without a network.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const schema = new URL('prisma/schema.prisma', root);
const stamp = new URL('packages/store/src/generated/.made-from', root);

const require = createRequire(import.meta.url);
const prisma = require('prisma/package.json');
const source = createHash('sha256').update(prisma.version).update(readFileSync(schema)).digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== source) {
  generate();
  writeFileSync(stamp, source);
}

function generate() {
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [require.resolve('prisma/build/index.js'), 'generate'],
    {
      cwd: fileURLToPath(root),
      encoding: 'utf8',
      env: {
        ...process.env,
        CHECKPOINT_DISABLE: '1',
        // The CLI wants a schema engine to exist, else it downloads one; generating does not run it.
        PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
      },
    },
  );
  if (error) throw error;
  if (status !== 0) {
    console.error(`The Prisma client could not be generated from prisma/schema.prisma:\n${stdout}${stderr}`);
    process.exit(status ?? 1);
  }
}
