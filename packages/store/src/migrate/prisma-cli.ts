import { spawn, type StdioOptions } from 'node:child_process';
import { createRequire } from 'node:module';
import { delimiter, dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { schemaEngineBinary } from './schema-engine-binary.js';

/** How a run of Prisma's CLI ended. `output` is empty where it went to the terminal. */
export interface PrismaRun {
  status: number;
  output: string;
}

/**
 * Runs Prisma's own CLI, without its telemetry and downloads.
 *
 * @param args as in `['migrate', 'deploy']`
 * @param options.databaseUrl becomes DATABASE_URL, which prisma.config.ts reads
 * @param options.project the folder of prisma.config.ts
 * @param options.terminal whether a person sits before it; else its output is returned
 * @throws Error where the CLI is not installed, as in a pruned image
 */
export async function runPrisma(
  args: string[],
  { databaseUrl, project, terminal = false }: { databaseUrl: string; project: string; terminal?: boolean },
): Promise<PrismaRun> {
  const stdio: StdioOptions = terminal ? 'inherit' : ['ignore', 'pipe', 'pipe'];
  const env = {
    ...process.env,
    ...prismaEnvironment(),
    DATABASE_URL: databaseUrl,
    ...(terminal ? {} : { NO_COLOR: '1' }),
  };
  const child = spawn(process.execPath, [prismaCli(), ...args], { cwd: project, stdio, env });
  const outputs = [child.stdout, child.stderr].flatMap((stream) => (stream ? [text(stream)] : []));
  const status = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  return { status, output: (await Promise.all(outputs)).join('').trim() };
}

function prismaEnvironment(): Record<string, string> {
  return {
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    JITI_FS_CACHE: 'false',
    PRISMA_SCHEMA_ENGINE_BINARY: process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ?? schemaEngineBinary(),
    // Retort's schema engine begins with `#!/usr/bin/env node`.
    PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
  };
}

function prismaCli(): string {
  try {
    return createRequire(import.meta.url).resolve('prisma/build/index.js');
  } catch (cause) {
    throw new Error("Prisma's CLI is not installed here: install the package prisma, or run this where it is.", {
      cause,
    });
  }
}
