import type { components } from '@retort/client';
import type { SpecProblem } from '@retort/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../../testing/open-test-app.js';
import { claimNext, enterWorker, succeed } from '../../../testing/run-tasks.js';
import { netWith, specWith } from '../../../testing/specs.js';

type Experiment = components['schemas']['Experiment'];
type Problem = components['schemas']['Problem'];
type Page = { data: Experiment[]; has_more: boolean; next: string | null };

describe('/v1/experiments', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await openTestApp();
  });
  afterAll(() => api?.close());

  const post = (payload: unknown, headers: Record<string, string> = {}) =>
    api.ask('POST', '/v1/experiments', { payload: payload as object, headers });

  it('accepts a spec, and says where the experiment is', async () => {
    const response = await post(specWith({ metadata: { paper: '1511.04508' } }));
    const experiment = response.json<Experiment>();
    expect(response.statusCode).toBe(202);
    expect(response.headers.location).toBe(`/v1/experiments/${experiment.id}`);
    expect(response.headers['idempotency-replayed']).toBeUndefined();
    expect(experiment).toMatchObject({
      name: 'tiny',
      status: 'running',
      metadata: { paper: '1511.04508' },
      finished_at: null,
      jobs: { total: 2, open: 2, reused: 0, by_status: { queued: 1, blocked: 1, succeeded: 0 } },
      // The defaults that the posted spec left out.
      spec: { seeds: [0], reuse: true, models: { a: { batch_size: 128, deployment_temperature: 1 } } },
    });
    const found = await api.ask('GET', response.headers.location!);
    expect(found.json<Experiment>()).toEqual(experiment);
  });

  describe('refuses what it cannot do, naming the place and the remedy:', () => {
    const cases: [what: string, spec: unknown, pointer: string, message: RegExp, remedy: RegExp][] = [
      [
        'an unknown field',
        specWith({ modles: {} }),
        '/modles',
        /"modles" is not a field here/,
        /known here: .*description/,
      ],
      [
        'an unknown field, with the nearest name',
        specWith({ models: { a: netWith({ temprature: 1 }) } }),
        '/models/a/temprature',
        /not a field of \/models\/a/,
        /known here/,
      ],
      [
        'a misspelt field',
        specWith({ dataset: { name: 'mnist', train: 100, validaton: 50 } }),
        '/dataset/validaton',
        /"validaton" is not a field/,
        /did you mean "validation"\?/,
      ],
      [
        'a temperature of 0',
        specWith({ models: { a: netWith({ temperature: 0 }) } }),
        '/models/a/temperature',
        /^is 0$/,
        /use a number above 0 and at most 10000/,
      ],
      [
        'a temperature that is text',
        specWith({ models: { a: netWith({ temperature: '20' }) } }),
        '/models/a/temperature',
        /^is "20"$/,
        /use a number above 0/,
      ],
      [
        'an unknown dataset',
        specWith({ dataset: { name: 'mnits', train: 100 } }),
        '/dataset/name',
        /"mnits" is not known here/,
        /did you mean "mnist"\?/,
      ],
      [
        'more images than the dataset has',
        specWith({ dataset: { name: 'mnist', train: 60000, validation: 50, test: 100 } }),
        '/dataset/train',
        /more than there are/,
        /use at most 59950 here/,
      ],
      [
        'a cycle among models',
        specWith({
          models: {
            a: { ...netWith({ kind: 'distill' }), teacher: 'b' },
            b: { ...netWith({ kind: 'distill' }), teacher: 'a' },
          },
        }),
        '/models/a/teacher',
        /go round in a circle: a ← b ← a/,
        /let at least one of them be of kind "train"/,
      ],
      [
        "an attack on a model that isn't there",
        specWith({ attacks: { fgsm: { attack: 'fgsm', models: ['b'], examples: { count: 10 } } } }),
        '/attacks/fgsm/models/0',
        /there is no model "b"/,
        /name a model of this spec: did you mean "a"\?/,
      ],
      [
        'an unknown attack',
        specWith({ attacks: { x: { attack: 'fgms', examples: { count: 10 } } } }),
        '/attacks/x/attack',
        /"fgms" is not known here/,
        /did you mean "fgsm"\?/,
      ],
      [
        'a bad value of a grid',
        specWith({ grid: { T: { values: [1, -2], at: ['/models/a/temperature'] } } }),
        '/grid/T/values/1',
        /^is -2$/,
        /use a number above 0/,
      ],
      [
        'text that Postgres cannot keep',
        specWith({ metadata: { note: 'a\u0000b' } }),
        '/metadata/note',
        /holds U\+0000/,
        /use text without it/,
      ],
      [
        'half of a surrogate pair',
        specWith({ name: 'a\ud800' }),
        '/name',
        /half of a surrogate pair/,
        /use text without it/,
      ],
      [
        'a name that Postgres cannot keep',
        specWith({ metadata: { 'a\u0000b': '' } }),
        '/metadata/a\u0000b',
        /cannot be a name/,
        /letters/,
      ],
      ['a list', [], '', /^is \[\]$/, /use an object/],
    ];
    it.each(cases)('%s', async (_what, spec, pointer, message, remedy) => {
      const before = await api.db.experiment.count();
      const response = await post(spec);
      const problem = response.json<Problem>();
      expect(response.statusCode).toBe(422);
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(problem).toMatchObject({
        type: 'urn:retort:problem:invalid-spec',
        status: 422,
        instance: '/v1/experiments',
      });
      const named = problem.problems!.find((candidate: SpecProblem) => candidate.pointer === pointer);
      expect(named, JSON.stringify(problem.problems)).toBeDefined();
      expect(named!.message).toMatch(message);
      expect(named!.remedy).toMatch(remedy);
      expect(await api.db.experiment.count()).toBe(before);
    });
  });

  it('says everything that is wrong at once', async () => {
    const { problems } = (await post(specWith({ dataset: { name: 'x' }, models: {}, seeds: [] }))).json<Problem>();
    expect(problems!.map(({ pointer }) => pointer).sort()).toEqual([
      '/dataset/name',
      '/dataset/train',
      '/models',
      '/seeds',
    ]);
  });

  it('makes one experiment of a hundred equal submissions at once', async () => {
    const spec = specWith({ name: 'once' });
    const headers = { 'idempotency-key': 'hundred' };
    const answers = await Promise.all(Array.from({ length: 100 }, () => post(spec, headers)));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => answer.json<Experiment>().id)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === 'true')).toHaveLength(99);
    expect(await api.db.experiment.count({ where: { name: 'once' } })).toBe(1);
    expect(await api.db.job.count({ where: { experiment: { name: 'once' } } })).toBe(2);
  });

  it('replays a key whose body has its fields in another order, and refuses it with another body', async () => {
    const spec = specWith({ name: 'keyed' });
    const first = (await post(spec, { 'idempotency-key': 'k' })).json<Experiment>();
    const reordered = Object.fromEntries(Object.entries(spec).reverse());
    expect((await post(reordered, { 'idempotency-key': 'k' })).json<Experiment>().id).toBe(first.id);

    const other = await post(specWith({ name: 'another' }), { 'idempotency-key': 'k' });
    expect(other.statusCode).toBe(422);
    expect(other.json<Problem>().type).toBe('urn:retort:problem:idempotency-key-reused');
    expect(other.json<Problem>().detail).toContain(first.id);
  });

  it('refuses an Idempotency-Key of more than 255 characters', async () => {
    const response = await post(specWith(), { 'idempotency-key': 'k'.repeat(256) });
    expect(response.statusCode).toBe(422);
    expect(response.json<Problem>().problems).toEqual([
      { in: 'header', pointer: '/Idempotency-Key', message: 'has 256 characters', remedy: 'use 1 to 255' },
    ]);
  });

  it('answers what it cannot read with a problem', async () => {
    const send = (payload: string, type: string) => post(payload, { 'content-type': type });
    const json = 'application/json';
    const answers = await Promise.all([
      send('{"name": ', json),
      send('', json),
      api.app.inject({ method: 'POST', url: '/v1/experiments' }),
      send('{"__proto__": {}}', json),
      send('['.repeat(100_000) + ']'.repeat(100_000), json),
      send('name: tiny', 'application/yaml'),
      send('{}', 'text/plain'),
      post('{}', { 'content-type': json, 'content-encoding': 'gzip' }),
      send(JSON.stringify({ name: 'x'.repeat(5 * 1024 * 1024) }), json),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 422, 422, 400, 400, 415, 415, 415, 413]);
    for (const answer of answers) expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    const details = answers.map((answer) => answer.json<Problem>().detail);
    expect(details[1]).toContain('The body: is missing; send the experiment as JSON');
    expect(details[2]).toBe(details[1]);
    expect(details[3]).toContain('a field "__proto__"');
    expect(details[5]).toContain('application/json');
    expect(details[7]).toContain('send it without Content-Encoding');
  });

  it('says where a body stops being JSON', async () => {
    const response = await post('{\n  "name": "x"\n  "models": {}\n}', { 'content-type': 'application/json' });
    expect(response.statusCode).toBe(400);
    expect(response.json<Problem>().detail).toMatch(/^The body is not JSON: Expected ',' or '}'.*line 3 column 3\)/);
  });

  it('lists page by page, the newest first, without gap or repeat, while others are added', async () => {
    const spec = specWith({ name: 'paged', attacks: {} });
    for (let index = 0; index < 7; index++) await post(spec);
    const expected = (await api.db.experiment.findMany({ orderBy: { id: 'desc' } })).map(({ id }) => id);
    const seen: string[] = [];
    let query = '?limit=3';
    for (;;) {
      const page = (await api.ask('GET', `/v1/experiments${query}`)).json<Page>();
      seen.push(...page.data.map(({ id }) => id));
      expect(page.has_more).toBe(page.next !== null);
      if (page.next === null) break;
      query = `?limit=3&after=${page.next}`;
      await post(spec);
    }
    expect(seen).toEqual(expected);
  });

  it('refuses parameters that it does not know, with their place and the nearest name', async () => {
    const response = await api.ask('GET', '/v1/experiments?limt=3&after=yesterday&limit=101');
    expect(response.statusCode).toBe(422);
    expect(response.json<Problem>().problems).toMatchObject([
      { in: 'query', pointer: '/limt', remedy: expect.stringContaining('known here') as string },
      { in: 'query', pointer: '/limit', message: 'is 101', remedy: 'use a whole number at least 1 and at most 100' },
      { in: 'query', pointer: '/after', message: 'is "yesterday"' },
    ]);
  });

  it('answers 404 for what there is not, whatever it is called', async () => {
    const unknown = 'exp_01ARZ3NDEKTSV4RRFFQ69G5FAV';
    const places = ['', '/jobs', '/events', '/results', '/summary', '/report'].map((part) => unknown + part);
    for (const place of [...places, 'abc', '%00']) {
      const response = await api.ask('GET', `/v1/experiments/${place}`);
      expect(response.statusCode, place).toBe(404);
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    }
    expect((await api.ask('POST', `/v1/experiments/${unknown}/cancel`)).statusCode).toBe(404);
    expect((await api.ask('GET', `/v1/experiments/${unknown}`)).json<Problem>().detail).toContain(unknown);
  });

  it('answers 405 with the methods that there are', async () => {
    const response = await api.app.inject({ method: 'DELETE', url: '/v1/experiments' });
    expect(response.statusCode).toBe(405);
    expect(response.headers.allow!.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST']);
    expect(response.json<Problem>().type).toBe('urn:retort:problem:method-not-allowed');
  });

  it('cancels an experiment once, and as often as it is asked', async () => {
    const { id } = (await post(specWith({ name: 'cancelled' }))).json<Experiment>();
    for (let again = 0; again < 2; again++) {
      const headers = { 'content-type': 'application/json' };
      const response = await api.ask('POST', `/v1/experiments/${id}/cancel`, again ? { headers, payload: '' } : {});
      expect(response.statusCode).toBe(202);
      expect(response.json<Experiment>()).toMatchObject({
        status: 'cancelled',
        jobs: { open: 0, by_status: { cancelled: 2 } },
      });
    }
  });

  it('gives all results in one answer, their summary, and the report as a page', async () => {
    await cancelOthers();
    const { id } = (await post(specWith({ name: 'computed' }))).json<Experiment>();
    const worker = await enterWorker(api.db);
    for (let task = await claimNext(api.db, worker); task; task = await claimNext(api.db, worker)) {
      await succeed(api, task);
    }
    const results = await api.ask('GET', `/v1/experiments/${id}/results`);
    const { experiment, jobs } = results.json<{ experiment: Experiment; jobs: components['schemas']['Job'][] }>();
    expect(experiment).toMatchObject({ id, status: 'succeeded', jobs: { open: 0, by_status: { succeeded: 2 } } });
    expect(jobs.map(({ name }) => name)).toEqual(['a', 'fgsm on a']);
    expect(jobs[1]).toMatchObject({
      labels: { model: 'a', attack: 'fgsm', seed: 0, grid: {} },
      parents: [{ role: 'model', id: jobs[0]!.id }],
      result: { kind: 'attack', metrics: { success: { count: 9, of: 10 }, l2: { mean: 'NaN' } } },
    });
    expect((await api.ask('GET', `/v1/experiments/${id}/summary`)).json()).toMatchObject({
      experiment: { id },
      rows: [{ net: 'a' }],
      gaps: [],
    });
    const report = await api.ask('GET', `/v1/experiments/${id}/report`);
    expect(report.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(report.body).toContain('computed');

    const again = (await post(specWith({ name: 'reused' }))).json<Experiment>();
    expect(again).toMatchObject({ status: 'succeeded', jobs: { total: 2, open: 0, reused: 2 } });
  });

  async function cancelOthers() {
    const open = await api.db.experiment.findMany({ where: { finishedAt: null }, select: { id: true } });
    for (const { id } of open) await api.ask('POST', `/v1/experiments/${id}/cancel`);
  }
});
