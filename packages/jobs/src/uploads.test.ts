import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase } from '@retort/stack/testing';
import { submitExperiment } from './submit.js';
import { familySpec, keepArtifact } from './testing/fixtures.js';
import { recordUpload } from './uploads.js';

const [here, absent] = ['a'.repeat(64), 'b'.repeat(64)];
const now = new Date(Date.UTC(2026, 0, 1));

const { db } = await openTestDatabase();

describe('uploads that a spec names', () => {
  beforeAll(async () => {
    const contents = { format: 'other' as const, arrays: [] };
    await keepArtifact(db, here);
    await recordUpload({ db, now }, { sha256: here, contents });
  });

  const specOf = (file: string) =>
    familySpec({ dataset: { name: 'mine', upload: { format: 'npz', file }, train: 100, validation: 50, test: 100 } });

  it('have to be there when it is submitted, or their place in the spec, and in its grid, is told', async () => {
    const submission = await submitExperiment({ db, now }, { body: specOf(absent) });
    expect(submission).toEqual({
      outcome: 'invalid',
      problems: [
        {
          pointer: '/dataset/upload/file',
          message: `there is no upload ${absent}`,
          remedy: 'send the file to POST /v1/uploads first, and name the sha256 that it answers',
        },
      ],
    });
    const grid = { files: { values: [here, absent], at: ['/dataset/upload/file'] } };
    const swept = await submitExperiment({ db, now }, { body: { ...specOf(here), grid } });
    expect(swept).toMatchObject({ outcome: 'invalid', problems: [{ pointer: '/grid/files/values/1' }] });
    expect(await db.experiment.count()).toBe(0);
  });

  it('are remembered as read by each job, so that nothing removes them meanwhile', async () => {
    const submission = await submitExperiment({ db, now }, { body: specOf(here) });
    if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
    const rows = await db.jobUpload.findMany({ include: { job: true } });
    expect(new Set(rows.map(({ job, role, sha256 }) => [job.kind, role, sha256].join(' ')))).toEqual(
      new Set(['train', 'distill', 'attack'].map((kind) => `${kind} dataset ${here}`)),
    );
    await expect(db.upload.delete({ where: { sha256: here } })).rejects.toThrow(/Foreign key|foreign key/);
  });
});
