import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from './private-file.js';
import { identify } from './process-identity.js';

/** Where other processes reach a stack that runs. */
export interface StackAddresses {
  databaseUrl: string;
  redisUrl: string;
  apiUrl?: string;
}

/** The content of `stack.json`; the file holds passwords, so that only its owner can read it. */
interface StackFile {
  pid: number;
  started_at: string;
  database_url: string;
  redis_url: string;
  api_url?: string;
}

/**
 * Finds the stack that another process runs on a data folder, to join it.
 *
 * @param dataDir as given to `startStack`
 * @returns undefined where none runs, also where one was killed
 */
export async function readRunningStack(dataDir: string): Promise<StackAddresses | undefined> {
  const stack = await readStackFile(dataDir);
  if (stack === undefined || (await identify(stack.pid))?.startedAt !== stack.started_at) return undefined;
  return { databaseUrl: stack.database_url, redisUrl: stack.redis_url, apiUrl: stack.api_url };
}

/** Tells other processes where the stack of this process is. */
export async function publishStack(dataDir: string, addresses: StackAddresses): Promise<void> {
  const identity = await identify(process.pid);
  const stack: StackFile = {
    pid: process.pid,
    started_at: identity?.startedAt ?? '',
    database_url: addresses.databaseUrl,
    redis_url: addresses.redisUrl,
    api_url: addresses.apiUrl,
  };
  await writePrivateFile(fileOf(dataDir), `${JSON.stringify(stack, null, 2)}\n`);
}

/** Takes back what `publishStack` told, unless another process has told something since. */
export async function withdrawStack(dataDir: string): Promise<void> {
  if ((await readStackFile(dataDir))?.pid === process.pid) await rm(fileOf(dataDir));
}

async function readStackFile(dataDir: string): Promise<StackFile | undefined> {
  const text = await readFile(fileOf(dataDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as StackFile);
}

function fileOf(dataDir: string): string {
  return join(dataDir, 'stack.json');
}
