import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTestDatabase } from '@retort/stack/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { enterWorker } from './testing/run-tasks.js';
import { specWith } from './testing/specs.js';

const server = fileURLToPath(new URL('../dist/server.js', import.meta.url));
const database = await openTestDatabase();
const { db } = database;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retort-server-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function start(environment: Record<string, string>): ChildProcess {
  const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL } = database;
  const env = { ...process.env, DATABASE_URL, REDIS_URL, RETORT_DATA: folder, LOG_LEVEL: 'warn', ...environment };
  return fork(server, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
}

it('says where it listens, serves, sends the outbox, and ends when told to, with a stream open', async () => {
  const child = start({ PORT: '0' });
  const [{ type, url }] = (await once(child, 'message')) as [{ type: string; url: string }];
  expect(type).toBe('listening');
  const headers = { 'Content-Type': 'application/json' };
  const posted = await fetch(`${url}/v1/experiments`, { method: 'POST', headers, body: JSON.stringify(specWith()) });
  expect(posted.status).toBe(202);
  const { id } = (await posted.json()) as { id: string };
  await enterWorker(db);
  await expect
    .poll(async () => (await (await fetch(`${url}/v1/queue`)).json()) as unknown)
    .toMatchObject({ unsent: 0, jobs: { queued: 1 } });

  const stream = await fetch(`${url}/v1/experiments/${id}/events`, { headers: { Accept: 'text/event-stream' } });
  const text = stream.text();
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await text).toContain('event: job.queued');
});

it('ends with whoever started it', async () => {
  const child = start({ PORT: '0' });
  await once(child, 'message');
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('says that its port is taken, and what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const child = start({ PORT: String(port) });
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  // Its streams end after it does.
  expect(await once(child, 'close')).toEqual([1, null]);
  other.close();
  expect(said).toContain(`cannot listen at HOST 127.0.0.1, PORT ${port} (EADDRINUSE): another process does; stop it`);
  expect(said).not.toContain('    at ');
});

it('does not start with settings that are wrong, and names them', async () => {
  const child = start({ PORT: 'http' });
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  // Its streams end after it does.
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(said).toContain('the environment variable PORT: is "http"; use a whole number');
});
