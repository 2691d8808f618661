import { expect, it } from 'vitest';
import { FolderStore } from '@retort/store';
import { openTestDatabase } from '@retort/stack/testing';
import { collectedOf, COLLECTING_SECONDS, registerArtifact } from '../artifacts.js';
import { recordCheckpoint } from '../checkpoint.js';
import { claimTask, type ClaimedTask } from '../claim.js';
import { deleteExperiment } from '../delete-experiment.js';
import { finishTask } from '../finish.js';
import { submitExperiment } from '../submit.js';
import { engine, familySpec, netResult } from '../testing/fixtures.js';
import { openTestStore } from '../testing/open-test-store.js';
import { recordUpload } from '../uploads.js';
import { collectArtifacts } from './collect-artifacts.js';
import { enterStrays } from './enter-strays.js';

const { db } = await openTestDatabase();
const store = await openTestStore(db);

const bytesOf = (text: string) => new TextEncoder().encode(text);
const put = async (text: string) => (await store.put(bytesOf(text))).sha256;
const collect = () => collectArtifacts(db, store, { graceSeconds: 0 });
const isThere = (sha256: string) =>
  store.get(sha256).then(
    () => true,
    () => false,
  );

async function submit(): Promise<string> {
  const submission = await submitExperiment({ db, now: new Date() }, { body: familySpec() });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  return submission.experimentId;
}

async function claimTeacher(experimentId: string): Promise<ClaimedTask> {
  const task = await db.task.findFirstOrThrow({ where: { job: { experimentId, name: 'teacher' } } });
  const request = { taskId: task.id, attempt: task.attempt, workerId: 'wrk', engine, leaseSeconds: 30 };
  const claim = await claimTask({ db, now: new Date() }, request);
  if (claim.outcome !== 'claimed') throw new Error('not available');
  return claim.task;
}

it('takes replaced checkpoints, those of ended jobs, and what a deleted experiment alone referred to', async () => {
  const at = { db, now: new Date() };
  const experimentId = await submit();
  const { lease } = await claimTeacher(experimentId);
  const [first, second, weights] = [await put('epoch 1'), await put('epoch 2'), await put('weights')];
  await recordCheckpoint(at, lease, { sha256: first, message: '1' });
  await recordCheckpoint(at, lease, { sha256: second, message: '2' });
  // A grace that has not passed keeps everything.
  expect(await collectArtifacts(db, store, { graceSeconds: 3600 })).toEqual({ artifacts: 0, bytes: 0 });
  await finishTask(at, lease, {
    type: 'succeeded',
    result: netResult,
    artifacts: [{ name: 'weights', sha256: weights }],
  });
  expect(await collect()).toEqual({ artifacts: 2, bytes: 14 });
  expect([await isThere(first), await isThere(second), await isThere(weights)]).toEqual([false, false, true]);

  // Another experiment reuses the weights: they outlive the one that made them.
  const reusing = await submit();
  expect(await deleteExperiment(at, experimentId)).toBe('running');
  await db.experiment.updateMany({ data: { finishedAt: at.now } });
  expect(await deleteExperiment(at, experimentId)).toBe('deleted');
  expect(await deleteExperiment(at, experimentId)).toBeUndefined();
  expect(await collect()).toEqual({ artifacts: 0, bytes: 0 });
  expect(await isThere(weights)).toBe(true);
  expect(await db.job.findFirst({ where: { experimentId: reusing, name: 'teacher' } })).toMatchObject({
    status: 'succeeded',
    result: netResult,
  });
  await deleteExperiment(at, reusing);
  expect(await collect()).toEqual({ artifacts: 1, bytes: 7 });
  expect(await isThere(weights)).toBe(false);
  expect(await db.artifact.count()).toBe(0);
});

it('deletes an experiment of more jobs than one statement does, whole', async () => {
  const at = { db, now: new Date() };
  const body = familySpec({ seeds: Array.from({ length: 130 }, (_, seed) => seed), reuse: false });
  const submission = await submitExperiment(at, { body });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  const { experimentId } = submission;
  expect(await db.job.count({ where: { experimentId } })).toBe(520);
  await db.experiment.update({ where: { id: experimentId }, data: { finishedAt: at.now } });
  expect(await deleteExperiment(at, experimentId)).toBe('deleted');
  expect(await Promise.all([db.job.count(), db.event.count(), db.task.count()])).toEqual([0, 0, 0]);
});

it('enters what lies in the store without a row, and takes it', async () => {
  const unknown = new FolderStore(store.folder, { announce: () => Promise.resolve(() => Promise.resolve()) });
  const { sha256 } = await unknown.put(bytesOf('of another time'));
  const shelf = sha256.slice(0, 2);
  expect(await enterStrays(db, store, shelf)).toBe(1);
  expect(await enterStrays(db, store, shelf)).toBe(0);
  expect(await collect()).toEqual({ artifacts: 1, bytes: 15 });
  expect(await isThere(sha256)).toBe(false);
});

it('never takes what is put at the same time, by however many at once', async () => {
  const experimentId = await submit();
  const { id: jobId } = await db.job.findFirstOrThrow({ where: { experimentId } });
  let putting = true;
  let taken = 0;
  const collector = async () => {
    while (putting) taken += (await collect()).artifacts;
  };
  const putter = async (name: string) => {
    for (let round = 0; round < 15; round++) {
      const sha256 = await put(`shared ${round % 3}`);
      const kept = await db.transaction(async (tx) => {
        if ((await collectedOf(tx, [sha256])).length > 0) return false;
        await tx.$executeRaw`INSERT INTO job_artifacts (job_id, name, sha256) VALUES (${jobId}, ${name}, ${sha256})`;
        return true;
      });
      // Without any grace it may have been taken already, but then it is told.
      if (!kept) continue;
      // Taken after this put, it may be another's entry that was referred to, who is about to write the bytes.
      await expect.poll(() => isThere(sha256)).toBe(true);
      await db.jobArtifact.delete({ where: { jobId_name: { jobId, name } } });
    }
  };
  const collectors = [collector(), collector()];
  await Promise.all(['a', 'b', 'c', 'd'].map(putter));
  putting = false;
  await Promise.all(collectors);
  expect(taken).toBeGreaterThan(0);
  await collect();
  expect(await db.artifact.count()).toBe(0);
});

it('waits, to put what a process that died may still be removing, until it cannot be', async () => {
  const sha256 = await put('half removed');
  await db.$executeRaw`UPDATE artifacts SET collected_at = now() - ${COLLECTING_SECONDS - 5} * interval '1 second'`;
  let done = false;
  const again = put('half removed').then(() => (done = true));
  const tooSoon = await db.$queryRaw<{ marked: boolean }[]>`SELECT collected_at IS NOT NULL AS marked FROM artifacts`;
  expect([done, tooSoon]).toEqual([false, [{ marked: true }]]);
  await store.remove([sha256]);
  await again;
  expect(await isThere(sha256)).toBe(true);
  expect(await db.transaction((tx) => collectedOf(tx, [sha256]))).toEqual([]);
});

it('lets nobody refer to what was collected since, though another entered it again and died before it kept it', async () => {
  const referable = (sha256: string) => db.transaction(async (tx) => (await collectedOf(tx, [sha256])).length === 0);
  const entry = { bytes: 10, mediaType: 'text/plain' };
  await collect();
  const sha256 = await put('entered twice');
  expect(await referable(sha256)).toBe(true);
  const early = await registerArtifact(db, { sha256, ...entry });
  expect(await referable(sha256)).toBe(true);
  await expect.poll(async () => (await collect()).artifacts).toBe(1);
  await registerArtifact(db, { sha256, ...entry });
  expect(await referable(sha256)).toBe(false);
  // Nor does one that kept it for the entry that is gone vouch for the new one.
  await early();
  expect(await referable(sha256)).toBe(false);
  const upload = { sha256, contents: { format: 'other' as const, arrays: [] } };
  await expect(recordUpload({ db, now: new Date() }, upload)).rejects.toMatchObject({ code: 'absent' });
  await put('entered twice');
  expect(await referable(sha256)).toBe(true);
});

it('takes up again what a process that died had marked', async () => {
  const sha256 = await put('marked and left');
  await db.artifactRelease.deleteMany();
  await db.$executeRaw`UPDATE artifacts SET collected_at = now() - ${2 * COLLECTING_SECONDS} * interval '1 second' WHERE sha256 = ${sha256}`;
  expect((await collect()).artifacts).toBe(1);
  expect(await isThere(sha256)).toBe(false);
});
