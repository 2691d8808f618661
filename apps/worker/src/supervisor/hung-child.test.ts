import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { smallestNet } from '@retort/contracts';
import { planExperiment } from '@retort/jobs';
import { ComputeChild } from '../../dist/supervisor/compute-child.js';

// As built, since a child is a process of its own: its entry is the file beside.
let scratch: string;
let child: ComputeChild;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'retort-hung-'));
});
afterEach(() => child.close());
afterAll(() => rm(scratch, { recursive: true, force: true }));

const planning = planExperiment({
  name: 'hung',
  dataset: { name: 'mnist', train: 200, validation: 50, test: 100 },
  models: { plain: { ...smallestNet, epochs: 50 } },
});
if (!planning.ok) throw new Error(JSON.stringify(planning.problems));
const job = planning.plan.jobs[0]!.spec;

/** A child that does this once it has a task, beside a process that it has started. */
async function start(deed: string, { silenceSeconds = 60 } = {}): Promise<void> {
  const code = `
    import { spawn } from 'node:child_process';
    import { writeFileSync } from 'node:fs';
    process.on('message', ({ type }) => {
      if (type !== 'run') return;
      const { pid } = spawn('sleep', ['1000'], { stdio: 'ignore' });
      writeFileSync(${JSON.stringify(join(scratch, 'grandchild'))}, String(pid));
      ${deed}
    })`;
  vi.stubEnv('NODE_OPTIONS', `--import=data:text/javascript,${encodeURIComponent(code)}`);
  const settings = { engine: 'wasm', datasetCache: scratch, graceSeconds: 1, silenceSeconds };
  child = await ComputeChild.start(settings).finally(() => vi.unstubAllEnvs());
}

function run(signal = new AbortController().signal) {
  const request = {
    job,
    share: { role: 'whole' as const },
    inputs: [],
    uploads: {},
    folder: scratch,
    memory: 2 ** 32,
    checkpoint_seconds: 60,
  };
  return child.run(request, { onNews: () => undefined, signal });
}

/** Whether both the child and what it has started are gone. */
async function allGone(): Promise<void> {
  const grandchild = Number(await readFile(join(scratch, 'grandchild'), 'utf8'));
  for (const pid of [child.pid, grandchild]) {
    await expect.poll(() => runs(pid)).toBe(false);
  }
}

/** Whether it runs; what has ended and waits for its parent to ask is not running. */
async function runs(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
}

const loops = {
  JavaScript: 'for (;;);',
  // (module (func (export "f") (loop (br 0))))
  'a wasm kernel': `new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(
    0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0,
    10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11))).exports.f();`,
};

it.each(Object.entries(loops))(
  'a child in an endless loop in %s is killed a grace time after it was told to stop, with what it has started',
  async (_where, loop) => {
    await start(loop);
    const stopping = new AbortController();
    const running = run(stopping.signal);
    await expect.poll(() => readFile(join(scratch, 'grandchild'), 'utf8').catch(() => '')).not.toBe('');
    stopping.abort({ type: 'cancel' });
    expect(await running).toEqual({ type: 'exited', detail: 'the compute child ended with signal SIGKILL' });
    await allGone();
    await rm(join(scratch, 'grandchild'));
  },
);

it.each([
  ['loops', loops.JavaScript],
  ['was stopped', 'process.kill(process.pid, "SIGSTOP");'],
])(
  'a child that %s and that nobody tells anything is killed once it has been silent for too long',
  async (_how, deed) => {
    await start(deed, { silenceSeconds: 4 });
    expect(await run()).toEqual({
      type: 'exited',
      detail: 'the compute child was silent for 4 s: it hung, and was killed',
    });
    await allGone();
  },
);

it('a child that works is not taken for one that hangs, however long it takes', async () => {
  // A kernel of three seconds now and then.
  await start('setInterval(() => { const end = Date.now() + 3000; while (Date.now() < end); }, 1);', {
    silenceSeconds: 10,
  });
  const stopping = new AbortController();
  const running = run(stopping.signal);
  setTimeout(() => stopping.abort({ type: 'cancel' }), 12_000);
  expect(await running).toMatchObject({ detail: 'the compute child ended with signal SIGKILL' });
});

it('what a child has started ends with it, also where it ends by itself', async () => {
  await start('process.exit(3);');
  expect(await run()).toEqual({ type: 'exited', detail: 'the compute child ended with exit code 3' });
  await allGone();
});
