import { mkdtemp, rm } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findPostgres } from './binaries.js';

test('the embedded PostgreSQL runs on this machine', async () => {
  const spare = await mkdtemp(join(tmpdir(), 'retort-libraries-'));
  const { postgres, initdb, env } = await findPostgres(spare);
  for (const program of [postgres, initdb]) {
    const { stdout } = await promisify(execFile)(program, ['--version'], { env });
    expect(stdout).toMatch(/\(PostgreSQL\) 18\./);
  }
  await rm(spare, { recursive: true });
});
