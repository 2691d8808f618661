import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finishedJobs, named, sha256Of, submit, tinyNet, tinySpec } from './support/experiments.js';
import { startRetort, type TestRetort } from './support/retort.js';

let retort: TestRetort;
beforeAll(async () => {
  retort = await startRetort();
  await retort.startWorker({ RETORT_CONCURRENCY: '2' });
});
afterAll(() => retort.stop());

const digits = new URL('../packages/import/src/testing/fixtures/digits.keras', import.meta.url);

async function upload(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const headers = { 'content-type': 'application/octet-stream' };
  const response = await fetch(`${retort.url}/v1/uploads`, { method: 'POST', headers, body: bytes });
  expect(response.status).toBe(201);
  return ((await response.json()) as { sha256: string }).sha256;
}

/** The net takes pixels from 0 to 255. */
const imported = (upload: string, changes: object = {}) => ({
  kind: 'import',
  format: 'keras',
  upload,
  input: { scale: 255 },
  minimum_accuracy: 0.9,
  ...changes,
});

describe('a net of Keras, sent over HTTP', () => {
  it('is attacked, measured, deployed and learnt from like any other', async () => {
    const bytes = new Uint8Array(await readFile(digits));
    const sha256 = await upload(bytes);
    const experiment = await submit(
      retort,
      tinySpec({
        models: {
          theirs: imported(sha256),
          loud: { kind: 'deploy', model: 'theirs', deployment_temperature: 0.05 },
          student: { ...tinyNet, kind: 'distill', teacher: 'theirs', temperature: 2, minimum_accuracy: 0.5 },
        },
        attacks: {
          pgd: {
            attack: 'pgd',
            parameters: { epsilon: 0.3, steps: 10, loss: 'margin' },
            models: ['theirs', 'loud'],
            examples: { count: 20 },
          },
        },
        metrics: { input_gradient: { models: ['theirs', 'loud'], examples: { count: 20 } } },
      }),
    );
    const jobs = await finishedJobs(retort, experiment);
    expect(jobs.map(({ name, status, detail }) => [name, status, detail])).toEqual(
      jobs.map(({ name }) => [name, 'succeeded', null]),
    );
    expect(named(jobs, 'theirs').result).toMatchObject({
      kind: 'import',
      architecture: 'keras',
      imported: { format: 'keras', removed: 'softmax', input: { scale: 255, offset: 0, layout: 'channels_last' } },
    });
    // The kept weights are the file itself.
    expect(sha256Of(named(jobs, 'theirs'), 'weights')).toBe(sha256);
    expect(sha256Of(named(jobs, 'loud'), 'weights')).toBe(sha256);
    expect(sha256Of(named(jobs, 'loud'), 'predictions')).toBe(sha256Of(named(jobs, 'theirs'), 'predictions'));
    const success = (name: string) =>
      (named(jobs, name).result as { metrics: { success: { count: number; of: number } } }).metrics.success;
    expect(success('pgd on theirs')).toMatchObject({ count: 20, of: 20 });
    expect(success('pgd on loud')).toEqual(success('pgd on theirs'));
    const report = await (await fetch(`${retort.url}/v1/experiments/${experiment}/report`)).text();
    expect(report).toContain('imported from keras');
  });

  it('is refused, with the reason, where the file or its pixels are not what the spec says', async () => {
    const sha256 = await upload(new Uint8Array(await readFile(digits)));
    const experiment = await submit(
      retort,
      tinySpec({
        models: { wrong: imported(sha256, { format: 'keras-h5' }), dark: imported(sha256, { input: { scale: 0.01 } }) },
      }),
    );
    const jobs = await finishedJobs(retort, experiment);
    expect(named(jobs, 'wrong')).toMatchObject({ status: 'failed', reason: 'import_refused' });
    expect(named(jobs, 'wrong').detail).toContain('no HDF5 file');
    expect(named(jobs, 'dark')).toMatchObject({ status: 'failed', reason: 'import_refused' });
    expect(named(jobs, 'dark').detail).toContain('does input.scale or input.offset differ');
  });

  it('is not taken where the file was never sent', async () => {
    const missing = '0'.repeat(64);
    const { status, body } = await retort.post('/v1/experiments', tinySpec({ models: { theirs: imported(missing) } }));
    expect(status).toBe(422);
    expect(body).toMatchObject({ problems: [{ pointer: '/models/theirs/upload' }] });
  });
});
