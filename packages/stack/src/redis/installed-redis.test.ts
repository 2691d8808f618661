import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findInstalledRedis } from './installed-redis.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retort-path-'));
  vi.stubEnv('PATH', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const install = (name: string, version: string) =>
  writeFile(join(folder, name), `#!/bin/sh\necho '${version}'\n`, { mode: 0o755 });

test('nothing is found where nothing is installed', async () => {
  expect(await findInstalledRedis()).toBeUndefined();
});

test('a Redis is found if the queue can use it', async () => {
  await install(
    'redis-server',
    'Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=6d95e1af3a2c082a',
  );
  expect(await findInstalledRedis()).toBeUndefined();
  await install(
    'redis-server',
    'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=d81b8ff71cfb150e',
  );
  expect(await findInstalledRedis()).toEqual({ kind: 'redis-server' });
});

test('Valkey comes first', async () => {
  await install('redis-server', 'Redis server v=7.0.15 sha=00000000:0');
  await install('valkey-server', 'Valkey server v=8.1.1 sha=00000000:0');
  expect(await findInstalledRedis()).toEqual({ kind: 'valkey-server' });
});
