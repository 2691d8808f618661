import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of prisma.config.ts and prisma/, as seen from this file, compiled or not. */
export const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

/** Names the migrations of a folder, such as `prisma/migrations`, in their order. */
export function migrationNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'migration.sql')))
    .sort();
}
