import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Database } from '@retort/store';
import { finishedJobs, named, submit, tinySpec, type JobSeen } from './support/experiments.js';
import { startRetort, type TestRetort } from './support/retort.js';

let retort: TestRetort;
let db: Database;
let jobs: JobSeen[];
beforeAll(async () => {
  retort = await startRetort();
  db = openDatabase(retort.environment.DATABASE_URL);
  await retort.startWorker();
  const attacks = { pgd: { attack: 'pgd', parameters: { steps: 3 }, examples: { count: 20, choose: 'any' } } };
  jobs = await finishedJobs(retort, await submit(retort, tinySpec({ attacks })));
  expect(jobs.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
});
afterAll(async () => {
  await db?.$disconnect();
  await retort.stop();
});

/** Runs `retort verify` as a person does. */
function verify(jobId: string): Promise<{ code: number; output: string }> {
  const main = fileURLToPath(new URL('../apps/cli/dist/main.js', import.meta.url));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, 'verify', jobId],
      { env: { ...process.env, RETORT_API_URL: retort.url } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr }),
    );
  });
}

it('finds a net and an attack equal, bit for bit, and says who made both', async () => {
  for (const job of jobs) {
    const { code, output } = await verify(job.id);
    expect(output).toContain(`EQUAL: ${job.id}`);
    for (const { name, sha256 } of job.artifacts) expect(output).toContain(`artifact ${name}: equal, ${sha256}`);
    expect(output).toMatch(/was made by wasm .*science \d/);
    expect(code).toBe(0);
  }
  // The recomputed net hangs on nothing but what the first one did: the attack's on the very same net.
  const again = await db.job.findMany({ where: { reuse: false }, include: { parents: true } });
  expect(again.map(({ reusedFromId, status }) => [reusedFromId, status])).toEqual([
    [null, 'succeeded'],
    [null, 'succeeded'],
  ]);
  expect(again.find(({ kind }) => kind === 'attack')!.parents.map(({ parentId }) => parentId)).toEqual([
    named(jobs, 'plain').id,
  ]);
});

it('tells of a result and of bytes that were changed afterwards', async () => {
  const attack = named(jobs, 'pgd on plain');
  const { result } = await db.job.findUniqueOrThrow({ where: { id: attack.id } });
  const { metrics } = result as { metrics: { success: { count: number } } };
  metrics.success.count += 1;
  await db.job.update({ where: { id: attack.id }, data: { result: result as object } });
  const { sha256 } = attack.artifacts[0]!;
  await writeFile(join(retort.folder, 'artifacts', sha256.slice(0, 2), sha256), 'other bytes');

  const { code, output } = await verify(attack.id);
  expect(output).toContain('result: differs in one place');
  expect(output).toContain(`/metrics/success/count: ${metrics.success.count} before, ${metrics.success.count - 1} now`);
  expect(output).toContain('HAD OTHER BYTES UNDER ITS HASH');
  expect(output).toContain(`DIFFERS: ${attack.id}`);
  expect(code).toBe(1);
});

it('says where it cannot verify', async () => {
  const { code, output } = await verify('job_00000000000000000000000000');
  expect(output).toContain('There is no job');
  expect(code).toBe(2);
});
