import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ComputeInput, JobSpec, ModelResult } from '@retort/contracts';
import { planExperiment } from '@retort/jobs';
import { ChildPool } from '../../dist/supervisor/child-pool.js';
import { ComputeChild, type ChildSettings, type ComputeOutcome } from '../../dist/supervisor/compute-child.js';

// As built, since a child is a process of its own: its entry is the file beside.
const MIB = 2 ** 20;
const core = pathToFileURL(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core')).href;
const digits = fileURLToPath(new URL('../../../../packages/import/src/testing/fixtures/digits.keras', import.meta.url));

let scratch: string;
let settings: ChildSettings;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'retort-children-'));
  settings = { engine: 'wasm', datasetCache: scratch, graceSeconds: 5, silenceSeconds: 60 };
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const net = {
  kind: 'train',
  architecture: 'compact',
  temperature: 1,
  epochs: 1,
  batch_size: 50,
  optimizer: { name: 'nesterov', momentum: 0.9 },
  learning_rate: { base: 0.1 },
  minimum_accuracy: 0,
};

const dataset = { name: 'mnist', train: 200, validation: 50, test: 100 };

function planned(parts: object) {
  const planning = planExperiment({ name: 'children', dataset, models: { plain: net }, ...parts });
  if (!planning.ok) throw new Error(JSON.stringify(planning.problems));
  return planning.plan.jobs;
}

const training = planned({})[0]!.spec;
let runs = 0;

async function run(child: ComputeChild, job: JobSpec, { inputs = [], memory = 4096 * MIB, limit }: Given = {}) {
  const folder = join(scratch, String(runs++));
  await mkdir(folder);
  const told: unknown[] = [];
  const given = {
    job,
    share: { role: 'whole' as const },
    inputs,
    uploads: { model: digits },
    folder,
    checkpoint_seconds: 60,
  };
  const request = { ...given, memory, ...(limit && { batch_limit: limit }) };
  const signal = new AbortController().signal;
  const outcome = await child.run(request, { onNews: (news) => told.push(news), signal });
  return { outcome, told };
}
interface Given {
  readonly inputs?: ComputeInput[];
  readonly memory?: number;
  readonly limit?: number;
}

/** Starts a child that runs some code of its own beside ours. */
async function infected(code: string, start: () => Promise<ComputeChild>): Promise<ComputeChild> {
  vi.stubEnv('NODE_OPTIONS', `--import=data:text/javascript,${encodeURIComponent(code)}`);
  return start().finally(() => vi.unstubAllEnvs());
}

describe('a warm child', () => {
  let child: ComputeChild;
  beforeAll(async () => {
    child = await ComputeChild.start(settings);
  });
  afterAll(() => child.close());

  it('has as many tensors after a task of any kind as before its first', async () => {
    const some = { count: 6, choose: 'any' };
    const jobs = planned({
      models: {
        plain: net,
        student: { ...net, kind: 'distill', teacher: 'plain', temperature: 5 },
        cold: { kind: 'deploy', model: 'plain', deployment_temperature: 0.5 },
        theirs: {
          kind: 'import',
          format: 'keras',
          upload: '0'.repeat(64),
          input: { scale: 255 },
          minimum_accuracy: 0,
        },
      },
      attacks: {
        direct: { attack: 'pgd', parameters: { steps: 2 }, models: ['plain', 'theirs'], examples: some },
        moved: { attack: 'fgsm', source: 'plain', models: ['cold'], examples: some },
      },
      metrics: Object.fromEntries(
        ['input_gradient', 'logits', 'loss_sensitivity', 'clever'].map((metric) => [
          metric,
          { models: ['plain'], examples: some, ...(metric === 'clever' && { batches: 10, samples: 2 }) },
        ]),
      ),
      evaluations: { quick: { norm: 'linf', epsilon: 0.3, effort: 'quick', models: ['plain'], examples: some } },
    });
    const done: ComputeInput[] = [];
    for (const { name, spec, parents } of jobs) {
      const inputs = Object.entries(parents).map(([role, parent]) => ({ ...done[parent]!, role }));
      const { outcome } = await run(child, spec, { inputs });
      expect(outcome, name).toMatchObject({ type: 'succeeded' });
      expect(child.rest, name).toMatchObject({ kind: spec.kind, tensors: 0 });
      const { result, files } = outcome as Extract<ComputeOutcome, { type: 'succeeded' }>;
      const paths = Object.fromEntries(files.map((file) => [file.name, file.path]));
      done.push({ role: '', name, kind: spec.kind, result, files: paths });
    }
    expect(new Set(done.map(({ kind }) => kind))).toEqual(
      new Set(['train', 'distill', 'deploy', 'import', 'attack', 'measure', 'evaluate']),
    );
    expect(child.served).toBe(jobs.length);
  });

  it('takes no more examples at a time than it may, and says that memory had run out', async () => {
    const { outcome, told } = await run(child, training, { limit: 16 });
    expect(told).toContainEqual({ type: 'batch', size: 16, halved: false });
    expect(outcome).toMatchObject({
      result: {
        provenance: {
          batch_size: 16,
          fallbacks: ['memory ran out in larger batches: it went on with 16 examples at a time'],
        },
      },
    });
  });
});

describe('a child whose engine has no more memory', () => {
  let child: ComputeChild;
  beforeAll(async () => {
    child = await ComputeChild.start(settings);
  });
  afterAll(() => child.close());

  /** Half a MiB of the wasm heap for each image of a forward pass. */
  const wide = { ...net, architecture: 'papernot-cifar' };

  it('halves the batch, goes on in the same process, and says so in the result', async () => {
    const models = { plain: wide, cold: { kind: 'deploy', model: 'plain', deployment_temperature: 0.5 } };
    const [train, deploy] = planned({ dataset: { ...dataset, train: 100, test: 512 }, models });
    const { outcome } = await run(child, train!.spec);
    const { result, files } = outcome as Extract<ComputeOutcome, { type: 'succeeded' }>;
    const paths = Object.fromEntries(files.map(({ name, path }) => [name, path]));
    const inputs = [{ role: 'model', name: 'plain', kind: 'train' as const, result, files: paths }];

    // Pages that nobody writes to are no memory of the machine, but of the heap: 70 MiB are left of its half of 4096.
    const ballast = `import { backend } from '${core}'; process.on('message', ({ type }) => { if (type === 'run') backend().wasm._malloc(${1978 * MIB}); })`;
    const full = await infected(ballast, () => ComputeChild.start(settings));
    const { outcome: cramped, told } = await run(full, deploy!.spec, { inputs, memory: 4096 * MIB });
    await full.close();
    expect(told).toContainEqual({ type: 'batch', size: 256, halved: false });
    expect(told).toContainEqual({ type: 'batch', size: 128, halved: true });
    expect(cramped).toMatchObject({
      type: 'succeeded',
      result: {
        test_accuracy: (result as ModelResult).test_accuracy,
        provenance: {
          batch_size: 128,
          fallbacks: ['memory ran out in larger batches: it went on with 128 examples at a time'],
        },
      },
    });
  });

  it('gives up a training, whose batch size is part of its result, with advice', async () => {
    const [train] = planned({ dataset: { ...dataset, train: 400 }, models: { plain: { ...wide, batch_size: 400 } } });
    const { outcome } = await run(child, train!.spec, { memory: 500 * MIB });
    expect(outcome).toMatchObject({ type: 'failed', reason: 'out_of_memory' });
    expect((outcome as { detail: string }).detail).toMatch(
      /^the wasm heap has no room for a tensor of \d+ MiB beside \d+ MiB of others: it may hold 250 MiB; a smaller batch would train another net, so that is not done by itself: set batch_size to 200 or less instead of 400, or give/,
    );
  });
});

describe('a child that grows in a task', () => {
  it('is killed before the machine is short of memory', async () => {
    const grow = `process.on('message', ({ type }) => { if (type === 'run') globalThis.held = Buffer.alloc(${600 * MIB}, 1); })`;
    const child = await infected(grow, () => ComputeChild.start(settings));
    // It would be done before anybody looks at it, were the training short and the machine fast.
    const [long] = planned({ models: { plain: { ...net, epochs: 1000 } } });
    const { outcome } = await run(child, long!.spec, { memory: 500 * MIB });
    expect(outcome).toMatchObject({ type: 'outgrown' });
    expect((outcome as { detail: string }).detail).toMatch(
      /^the compute child held \d+ MiB, more than the 500 MiB that it may$/,
    );
    expect(child.alive).toBe(false);
  });

  it('is no different from any other when it is killed from outside', async () => {
    const child = await ComputeChild.start(settings);
    const running = run(child, training);
    process.kill(child.pid, 'SIGKILL');
    expect((await running).outcome).toEqual({
      type: 'exited',
      detail: 'the compute child ended with signal SIGKILL',
    });
  });
});

describe('a pool', () => {
  const logged: { msg: string }[] = [];
  const log = pino(
    { level: 'info' },
    { write: (line: string) => void logged.push(JSON.parse(line) as { msg: string }) },
  );
  let pool: ChildPool;
  afterEach(async () => {
    await pool.close();
    logged.length = 0;
  });

  /** Whether the same child comes back after a training. */
  async function isKept(child: ComputeChild): Promise<boolean> {
    await run(child, training);
    await pool.giveBack(child, { healthy: true });
    return child.alive;
  }

  it('uses a child again that is as it was', async () => {
    pool = new ChildPool(settings, { childMemory: 4096 * MIB, gpus: [], log });
    const child = await pool.take();
    expect(await isKept(child)).toBe(true);
    expect(await pool.take()).toBe(child);
    expect(logged).toEqual([]);
  });

  it('replaces one that a task left tensors in, and reports the kind of the task', async () => {
    pool = new ChildPool(settings, { childMemory: 4096 * MIB, gpus: [], log });
    const leak = `import { scalar } from '${core}'; process.on('message', ({ type }) => { if (type === 'run') globalThis.held = [scalar(1), scalar(2)]; })`;
    const child = await infected(leak, () => pool.take());
    expect(await isKept(child)).toBe(false);
    expect(logged).toMatchObject([
      { level: 50, kind: 'train', tensors: 2, msg: 'a defect: a task of the kind "train" left 2 tensors behind' },
    ]);
    expect(await pool.take()).not.toBe(child);
  });

  it('replaces one that holds more than half of its memory between two tasks', async () => {
    pool = new ChildPool(settings, { childMemory: 150 * MIB, gpus: [], log });
    expect(await isKept(await pool.take())).toBe(false);
    expect(logged).toMatchObject([{ msg: 'a compute child holds much memory: it is replaced' }]);
  });

  it('gives each child the GPU that has the fewest', async () => {
    pool = new ChildPool(settings, { childMemory: 4096 * MIB, gpus: ['0', '3'], log });
    const [first, second, third] = [await pool.take(), await pool.take(), await pool.take()];
    expect([first.gpu, second.gpu, third.gpu]).toEqual(['0', '3', '0']);
    await pool.giveBack(second, { healthy: false });
    expect((await pool.take()).gpu).toBe('3');
  });
});
