import { createHash } from 'node:crypto';
import type { components } from '@retort/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../../testing/open-test-app.js';
import { claimNext, enterWorker, succeed } from '../../../testing/run-tasks.js';
import { netWith, specWith } from '../../../testing/specs.js';

type Job = components['schemas']['Job'];
type Page = { data: Job[]; has_more: boolean; next: string | null };

describe('/v1/jobs', () => {
  let api: TestApp;
  let worker: string;
  beforeAll(async () => {
    api = await openTestApp();
    worker = await enterWorker(api.db);
  });
  afterAll(() => api?.close());

  const submit = async (changes: Record<string, unknown>): Promise<string> => {
    const spec = specWith({ reuse: false, ...changes });
    return (await api.ask('POST', '/v1/experiments', { payload: spec })).json<{ id: string }>().id;
  };
  const jobsOf = async (experimentId: string): Promise<Job[]> =>
    (await api.ask('GET', `/v1/experiments/${experimentId}/jobs?limit=100`)).json<Page>().data;
  const chain = {
    models: {
      teacher: netWith({ temperature: 20 }),
      student: { ...netWith({ kind: 'distill', temperature: 20 }), teacher: 'teacher' },
      other: netWith({ temperature: 5 }),
    },
  };

  it('cancels a queued job and all that descend from it, and no other', async () => {
    const experimentId = await submit({ name: 'cancel a queued job', ...chain });
    const teacher = (await jobsOf(experimentId)).find(({ name }) => name === 'teacher')!;
    const response = await api.ask('POST', `/v1/jobs/${teacher.id}/cancel`);
    expect(response.statusCode).toBe(202);
    expect(response.json<Job>()).toMatchObject({ status: 'cancelled', reason: 'cancelled_by_request' });

    const after = new Map((await jobsOf(experimentId)).map((job) => [job.name, job]));
    for (const name of ['student', 'fgsm on teacher', 'fgsm on student']) {
      expect(after.get(name), name).toMatchObject({ status: 'cancelled', reason: 'parent_cancelled' });
      expect(after.get(name)!.detail).toContain(teacher.id);
    }
    expect(after.get('other')!.status).toBe('queued');
    expect(after.get('fgsm on other')!.status).toBe('blocked');

    const again = await api.ask('POST', `/v1/jobs/${teacher.id}/cancel`);
    expect(again.statusCode).toBe(202);
    expect(again.json<Job>().finished_at).toBe(response.json<Job>().finished_at);
    await api.ask('POST', `/v1/experiments/${experimentId}/cancel`);
  });

  it('asks the worker of a running job to stop', async () => {
    const experimentId = await submit({ name: 'cancel a running job' });
    const task = (await claimNext(api.db, worker))!;
    const response = await api.ask('POST', `/v1/jobs/${task.lease.jobId}/cancel`);
    expect(response.json<Job>()).toMatchObject({ status: 'running', cancel_requested: true });
    await succeed(api, task);
    await api.ask('POST', `/v1/experiments/${experimentId}/cancel`);
  });

  it('shows the curves, attempts and artifacts of a job, and its net and worker', async () => {
    const experimentId = await submit({ name: 'computed', attacks: {} });
    const task = (await claimNext(api.db, worker))!;
    const weights = new Uint8Array([0, 1, 2, 253, 254, 255]);
    await succeed(api, task, weights);
    const self = `/v1/jobs/${task.lease.jobId}`;
    const sha256 = createHash('sha256').update(weights).digest('hex');

    const job = (await api.ask('GET', self)).json<Job>();
    const artifact = { name: 'weights', sha256, bytes: 6, media_type: 'application/octet-stream' };
    expect(job).toMatchObject({
      experiment_id: experimentId,
      status: 'succeeded',
      reason: 'completed',
      progress: { fraction: 1 },
      attempts: { started: 1, spent: 0, max: 3 },
      artifacts: [{ ...artifact, href: `${self}/artifacts/weights` }],
    });

    const metrics = (await api.ask('GET', `${self}/metrics`)).json<{ data: components['schemas']['Metric'][] }>();
    expect(metrics.data.map(({ name, step, value }) => ({ name, step, value }))).toEqual([
      { name: 'train_loss', step: 1, value: 0.5 },
      { name: 'train_loss', step: 2, value: 'NaN' },
    ]);
    expect((await api.ask('GET', `${self}/attempts`)).json()).toMatchObject({
      data: [{ number: 1, worker_id: worker, reason: 'completed', engine: { name: 'cpu' } }],
    });

    const bytes = await api.ask('GET', job.artifacts[0]!.href);
    expect(new Uint8Array(bytes.rawPayload)).toEqual(weights);
    expect(bytes.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '6',
      etag: `"${sha256}"`,
      'content-disposition': `attachment; filename="${job.id}-weights"`,
    });
    const headers = { 'if-none-match': `"${sha256}"` };
    expect((await api.ask('GET', job.artifacts[0]!.href, { headers })).statusCode).toBe(304);
    expect((await api.ask('GET', `${self}/artifacts/nothing`)).statusCode).toBe(404);

    const models = (await api.ask('GET', '/v1/models?limit=1')).json<{ data: { id: string }[] }>();
    expect(models.data).toMatchObject([{ job_id: job.id, experiment_id: experimentId, weights_sha256: sha256 }]);
    const model = await api.ask('GET', `/v1/models/${models.data[0]!.id}`);
    expect(model.json()).toEqual(models.data[0]);
    expect((await api.ask('GET', '/v1/workers')).json()).toMatchObject({ data: [{ id: worker, status: 'online' }] });
    expect((await api.ask('GET', `/v1/workers/${worker}`)).json()).toMatchObject({ id: worker, running: 0 });
  });

  it('says that an artifact is not in the store any more', async () => {
    await submit({ name: 'lost', attacks: {} });
    const task = (await claimNext(api.db, worker))!;
    await succeed(api, task);
    const lost = 'f'.repeat(64);
    await api.db.artifact.create({ data: { sha256: lost, bytes: 1, mediaType: 'text/plain' } });
    await api.db.jobArtifact.update({
      where: { jobId_name: { jobId: task.lease.jobId, name: 'weights' } },
      data: { sha256: lost },
    });
    const response = await api.ask('GET', `/v1/jobs/${task.lease.jobId}/artifacts/weights`);
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({ type: 'urn:retort:problem:artifact-unavailable' });
  });

  it('lists by status, kind, experiment and fingerprint, page by page without gap or repeat', async () => {
    const experimentId = await submit({ name: 'listed', ...chain });
    const inPlan = await jobsOf(experimentId);
    expect(inPlan.map(({ name }) => name)).toEqual([
      'teacher',
      'student',
      'other',
      'fgsm on teacher',
      'fgsm on student',
      'fgsm on other',
    ]);
    const list = async (query: string) => (await api.ask('GET', `/v1/jobs?${query}`)).json<Page>();
    const newestFirst = [...inPlan].reverse().map(({ id }) => id);
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page: Page = await list(`experiment_id=${experimentId}&limit=4${after && `&after=${after}`}`);
      seen.push(...page.data.map(({ id }) => id));
      after = page.next;
    }
    expect(seen).toEqual(newestFirst);
    const names = async (query: string) =>
      (await list(`experiment_id=${experimentId}&${query}`)).data.map((j) => j.name);
    expect(await names('status=queued')).toEqual(['other', 'teacher']);
    expect(await names('kind=distill')).toEqual(['student']);
    expect(await names(`fingerprint=${inPlan[0]!.fingerprint}`)).toEqual(['teacher']);
    expect((await list('limit=100')).data.length).toBeGreaterThan(6);
  });

  it('refuses a filter that can match nothing', async () => {
    const response = await api.ask('GET', '/v1/jobs?status=runing');
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({
      problems: [{ in: 'query', pointer: '/status', message: '"runing" is not known here' }],
    });
    expect(response.body).toContain('did you mean \\"running\\"?');
  });

  it('answers 404 for jobs and nets that there are not', async () => {
    const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    const places = ['', '/metrics', '/tasks', '/attempts', '/events', '/artifacts/weights'].map(
      (part) => `jobs/job_${id}${part}`,
    );
    for (const place of [...places, `models/mod_${id}`, 'jobs/1']) {
      expect((await api.ask('GET', `/v1/${place}`)).statusCode, place).toBe(404);
    }
    expect((await api.ask('POST', `/v1/jobs/job_${id}/cancel`)).statusCode).toBe(404);
  });
});
