import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTestDatabase } from '@retort/stack/testing';
import { cancelExperiment } from '../cancel.js';
import { claimTask } from '../claim.js';
import { finishTask } from '../finish.js';
import { recordProgress } from '../progress.js';
import { readEvents } from '../read/events.js';
import { submitExperiment } from '../submit.js';
import { engine, familySpec, keepWeights, netResult } from '../testing/fixtures.js';
import { openTestStore } from '../testing/open-test-store.js';
import { recordUpload } from '../uploads.js';
import type { RetentionTerms } from './policies.js';
import { retain } from './retain.js';

const { db } = await openTestDatabase();
const store = await openTestStore(db);

const terms: RetentionTerms = { artifactGraceMinutes: 60, progressHours: 24, idempotencyDays: 7 };
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

/** An experiment whose teacher was trained, with progress, and whose other jobs were cancelled, so many days ago. */
async function experimentOf(days: number, idempotencyKey: string): Promise<string> {
  const at = { db, now: daysAgo(days) };
  const submission = await submitExperiment(at, { body: familySpec({ reuse: false }), idempotencyKey });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  const { experimentId } = submission;
  const task = await db.task.findFirstOrThrow({ where: { job: { experimentId, name: 'teacher' } } });
  const request = { taskId: task.id, attempt: task.attempt, workerId: 'wrk', engine, leaseSeconds: 30 };
  const claim = await claimTask(at, request);
  if (claim.outcome !== 'claimed') throw new Error('not available');
  const { lease } = claim.task;
  for (const fraction of [0.2, 0.4])
    await recordProgress(at, lease, { progress: { fraction }, points: [], epochs: [{}] });
  await finishTask(at, lease, { type: 'succeeded', result: netResult, artifacts: [await keepWeights(db)] });
  await cancelExperiment(at, experimentId);
  return experimentId;
}

const teacherOf = (experimentId: string) =>
  db.job.findFirstOrThrow({ where: { experimentId, name: 'teacher' }, include: { artifacts: true } });

const typesOf = async (experimentId: string, after = 0) =>
  (await readEvents(db, { experimentId }, { after, limit: 100 })).map(({ type }) => type);

it('drops progress of jobs that ended a day ago, so that a stream goes on behind it, and keeps what is newer', async () => {
  const [old, recent] = [await experimentOf(2, 'old'), await experimentOf(0, 'recent')];
  const before = await readEvents(db, { experimentId: old }, { after: 0, limit: 100 });
  expect((await retain(db, store, terms)).progressEvents).toBe(2);
  const after = await readEvents(db, { experimentId: old }, { after: 0, limit: 100 });
  expect(after).toEqual(before.filter(({ type }) => type !== 'job.progress'));
  // A client that comes back with the number of a dropped event misses nothing else.
  const dropped = before.find(({ type }) => type === 'job.progress')!.id;
  expect(await typesOf(old, dropped)).toEqual(
    before.filter(({ id, type }) => id > dropped && type !== 'job.progress').map(({ type }) => type),
  );
  expect(await typesOf(recent)).toContain('job.progress');
  expect((await retain(db, store, terms)).progressEvents).toBe(0);
});

it('drops, only where it is asked for, other events, weights and uploads, and then reuses no such job', async () => {
  const experimentId = await experimentOf(5, 'asked');
  const upload = await store.put(new TextEncoder().encode('mine'));
  await recordUpload({ db, now: daysAgo(5) }, { ...upload, contents: { format: 'other', arrays: [] } });
  await db.artifact.update({ where: { sha256: upload.sha256 }, data: { renewedAt: daysAgo(5) } });
  const kept = await retain(db, store, terms);
  expect(kept).toMatchObject({ events: 0, weights: 0, uploads: 0 });
  const asked = await retain(db, store, { ...terms, eventDays: 3, weightDays: 3, uploadDays: 3 });
  expect(asked).toMatchObject({ weights: 1, uploads: 1 });
  expect([...new Set(await typesOf(experimentId))]).toEqual([
    'experiment.created',
    'job.succeeded',
    'job.cancelled',
    'experiment.finished',
  ]);
  const teacher = await teacherOf(experimentId);
  expect(teacher).toMatchObject({ status: 'succeeded', artifacts: [], result: netResult });
  expect(teacher.artifactsExpiredAt).not.toBeNull();
});

it('drops images, only where it is asked for, and collects those that nothing else refers to', async () => {
  const experimentId = await experimentOf(5, 'images');
  const { sha256 } = await store.put(new TextEncoder().encode('an image'));
  const teacher = { jobId_name: { jobId: (await teacherOf(experimentId)).id, name: 'adversarial' } };
  await db.jobArtifact.create({ data: { ...teacher.jobId_name, sha256 } });
  const now = { ...terms, artifactGraceMinutes: 0 };
  expect(await retain(db, store, now)).toMatchObject({ images: 0 });
  expect(await store.get(sha256)).toHaveLength(8);
  expect(await retain(db, store, { ...now, imageDays: 6 })).toMatchObject({ images: 0 });
  expect(await retain(db, store, { ...now, imageDays: 3 })).toMatchObject({ images: 1, weights: 0 });
  await expect(store.get(sha256)).rejects.toMatchObject({ code: 'absent' });
  const kept = await teacherOf(experimentId);
  expect(kept.artifacts.map(({ name }) => name)).toEqual(['weights']);
  expect(kept).toMatchObject({ status: 'succeeded', result: netResult });
  expect(kept.artifactsExpiredAt).not.toBeNull();
});

it('sweeps what killed writers have left for hours, and nothing that is being written', async () => {
  const incoming = join(store.folder, 'incoming');
  await Promise.all(['old', 'new'].map((name) => writeFile(join(incoming, name), 'half')));
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  await utimes(join(incoming, 'old'), hoursAgo(7), hoursAgo(7));
  await utimes(join(incoming, 'new'), hoursAgo(5), hoursAgo(5));
  expect(await retain(db, store, terms)).toMatchObject({ leftovers: 1 });
  expect(await readdir(incoming)).toEqual(['new']);
});

it('forgets idempotency keys, and workers that are long offline', async () => {
  await experimentOf(10, 'forgotten');
  const worker = { host: 'h', pid: 1, version: '0', concurrency: 1 };
  await db.worker.createMany({
    data: [
      { id: 'wrk_gone', name: 'gone', status: 'offline', heartbeatAt: daysAgo(40), ...worker },
      { id: 'wrk_here', name: 'here', status: 'offline', heartbeatAt: daysAgo(4), ...worker },
    ],
  });
  await db.idempotencyKey.updateMany({ where: { key: 'forgotten' }, data: { createdAt: daysAgo(10) } });
  expect(await retain(db, store, terms)).toMatchObject({ idempotencyKeys: 1, workers: 1 });
  expect((await db.worker.findMany()).map(({ id }) => id)).toEqual(['wrk_here']);
});

it('collects nothing from a store that is the one of another database', async () => {
  await writeFile(join(store.folder, 'owner'), 'another');
  await expect(retain(db, store, terms)).rejects.toThrow(/belongs to the database another/);
});
