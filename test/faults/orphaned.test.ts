import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { quickSpec, submit } from '../support/experiments.js';
import { childrenOf, running } from '../support/processes.js';
import { startRetort } from '../support/retort.js';

/** Servers that are not there, for which an API and a worker wait. */
const away = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing', REDIS_URL: 'redis://127.0.0.1:1' };

/** A process that starts another and is killed before that has loaded. */
const parent = `
  import { fork } from 'node:child_process';
  import { writeSync } from 'node:fs';
  writeSync(1, String(fork(process.argv[1], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] }).pid));
  process.kill(process.pid, 'SIGKILL');`;

it.each([
  ['an API', 'apps/api/dist/server.js'],
  ['a worker', 'apps/worker/dist/main.js'],
])('%s does not outlive who started it, though that was killed before it had loaded', async (_what, entry) => {
  const path = fileURLToPath(new URL(`../../${entry}`, import.meta.url));
  const { stdout } = spawn(process.execPath, ['--input-type=module', '--eval', parent, path], {
    env: { ...process.env, ...away, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = Number(await text(stdout));
  try {
    await expect.poll(() => running([pid])).toEqual([]);
  } finally {
    if ((await running([pid])).length > 0) process.kill(pid, 'SIGKILL');
  }
});

/** What a compute child does with its first task. */
const loops = `
  process.on('message', ({ type }) => {
    if (type !== 'run') return;
    process.send({ type: 'progress', progress: { fraction: 0.5 } }, () => { for (;;); });
  });`;

it('a child in an endless loop does not outlive a worker that is killed with -9', async () => {
  const retort = await startRetort();
  let children: number[] = [];
  try {
    const worker = await retort.startWorker({
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(loops)}`,
    });
    const id = await submit(retort, quickSpec());
    await expect
      .poll(() => retort.get(`/v1/experiments/${id}/results`))
      .toMatchObject({ jobs: [{ progress: { fraction: 0.5 } }] });
    children = await childrenOf(worker.pid!);
    expect(children).toHaveLength(1);
    worker.kill('SIGKILL');
    await expect.poll(() => running(children)).toEqual([]);
  } finally {
    for (const child of await running(children)) process.kill(child, 'SIGKILL');
    await retort.stop();
  }
});
