import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Finds the executable that Prisma's CLI shall use as its schema engine: the native one, where installing Prisma could
 * download it and it runs on this machine, else Retort's own over Prisma's WebAssembly build.
 *
 * @returns an absolute path
 */
export function schemaEngineBinary(): string {
  return nativeEngine() ?? fileURLToPath(new URL('../../src/schema-engine/schema-engine.mjs', import.meta.url));
}

function nativeEngine(): string | undefined {
  const folder = enginesFolder();
  return readdirSync(folder)
    .filter((name) => name.startsWith('schema-engine-') && !/\.(gz|sha256|tmp)/.test(name))
    .map((name) => join(folder, name))
    .find((path) => spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0);
}

/** The folder of `@prisma/engines`, a dependency of `prisma`, where its installation leaves the native engine. */
function enginesFolder(): string {
  const prisma = createRequire(import.meta.url).resolve('prisma/package.json');
  return dirname(createRequire(prisma).resolve('@prisma/engines/package.json'));
}
