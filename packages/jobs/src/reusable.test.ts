import { beforeEach, expect, it } from 'vitest';
import { openTestDatabase } from '@retort/stack/testing';
import { claimTask, type Lease } from './claim.js';
import { finishTask } from './finish.js';
import { submitExperiment } from './submit.js';
import { engine, familySpec, keepArtifact, netResult } from './testing/fixtures.js';

const { db } = await openTestDatabase();
const now = new Date(Date.UTC(2026, 0, 1));
const clocked = () => ({ db, now });
/** The artifacts that the store has no more. */
const absent = new Set<string>();
let looked: string[] = [];
let seed = 0;

beforeEach(() => {
  absent.clear();
  looked = [];
  seed++;
});

/** The sha256 of the one artifact that each job of this test leaves. */
const sha256Of = (name: string) => Buffer.from(`${seed} ${name}`.padEnd(32)).toString('hex');

async function submit(changes = {}): Promise<string> {
  const isKept = (sha256: string) => {
    looked.push(sha256);
    return Promise.resolve(!absent.has(sha256));
  };
  const submission = await submitExperiment(clocked(), { body: familySpec({ seeds: [seed], ...changes }), isKept });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  return submission.experimentId;
}

async function claim(experimentId: string): Promise<{ lease: Lease; name: string } | undefined> {
  const task = await db.task.findFirst({ where: { status: 'queued', job: { experimentId } }, orderBy: { id: 'asc' } });
  if (!task) return undefined;
  const { id: taskId, attempt } = task;
  const claimed = await claimTask(clocked(), { taskId, attempt, workerId: 'wrk', engine, leaseSeconds: 30 });
  if (claimed.outcome !== 'claimed') throw new Error('not available');
  return claimed.task;
}

/** Computes what is to be computed. */
async function compute(experimentId: string): Promise<string[]> {
  const computed: string[] = [];
  for (let task; (task = await claim(experimentId));) {
    const sha256 = sha256Of(task.name);
    await keepArtifact(db, sha256);
    const artifacts = [{ name: task.name.includes(' on ') ? 'adversarial' : 'weights', sha256 }];
    await finishTask(clocked(), task.lease, { type: 'succeeded', result: netResult, artifacts });
    computed.push(task.name);
  }
  return computed;
}

const pgd = { attacks: { pgd: { attack: 'pgd', models: ['student'], examples: { count: 5, choose: 'any' } } } };

it('computes a net again whose weights are gone, and what it is made from only where that is gone too', async () => {
  await compute(await submit());
  absent.add(sha256Of('student'));
  expect(await compute(await submit(pgd))).toEqual(['student', 'pgd on student']);
  absent.add(sha256Of('student'));
  absent.add(sha256Of('teacher'));
  const other = { attacks: { pgd: { ...pgd.attacks.pgd, parameters: { steps: 3 } } } };
  expect(await compute(await submit(other))).toEqual(['teacher', 'student', 'pgd on student']);
});

it('takes results over whose artifacts nothing needs, without looking for them', async () => {
  await compute(await submit());
  absent.add(sha256Of('student'));
  expect(await compute(await submit())).toEqual([]);
  expect(looked).toEqual([]);
});

it('reuses nothing that a worker found lost, until it is there again', async () => {
  await compute(await submit());
  const { lease } = (await claim(await submit(pgd)))!;
  const lost = [sha256Of('student')];
  const detail = 'the weights are gone';
  await finishTask(clocked(), lease, { type: 'ended', reason: 'artifact_unavailable', detail, lost });
  expect(await compute(await submit({ attacks: {} }))).toEqual(['student']);
  // Put again by that computation.
  expect(await compute(await submit({ attacks: {} }))).toEqual([]);
});
