import { createRetortClient, watchExperiment, WatchError, type RetortEvent } from '@retort/client';
import { cancelExperiment } from '@retort/jobs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../testing/open-test-app.js';
import { claimNext, enterWorker, succeed } from '../../testing/run-tasks.js';
import { specWith } from '../../testing/specs.js';

describe('events', () => {
  let api: TestApp;
  let url: string;
  let worker: string;
  let stop = new AbortController();
  beforeAll(async () => {
    api = await openTestApp({ heartbeatMs: 50 });
    url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    worker = await enterWorker(api.db);
  });
  afterAll(() => api?.close());
  afterEach(() => {
    stop.abort();
    stop = new AbortController();
  });

  const submit = async (reuse = false): Promise<string> =>
    (await api.ask('POST', '/v1/experiments', { payload: specWith({ reuse }) })).json<{ id: string }>().id;
  const computeAll = async () => {
    for (let task = await claimNext(api.db, worker); task; task = await claimNext(api.db, worker)) {
      await succeed(api, task);
    }
  };
  const stream = (path: string, headers: Record<string, string> = {}) =>
    fetch(url + path, { headers: { Accept: 'text/event-stream', ...headers }, signal: stop.signal });
  const readUntil = async (response: Response, done: (text: string) => boolean): Promise<string> => {
    let text = '';
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    while (!done(text)) {
      const { value, done: ended } = await reader.read();
      if (ended) break;
      text += value;
    }
    await reader.cancel();
    return text;
  };
  const idsIn = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

  it('are listed page by page in JSON', async () => {
    const id = await submit();
    await computeAll();
    const all = (await api.ask('GET', `/v1/experiments/${id}/events?limit=1000`)).json<{ data: RetortEvent[] }>().data;
    expect(all.map((event) => event.id)).toEqual(upTo(all.length));
    expect(all[0]!.type).toBe('experiment.created');
    expect(all.at(-1)).toMatchObject({ type: 'experiment.finished', job_id: null, data: { status: 'succeeded' } });
    const seen: RetortEvent[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: { data: RetortEvent[]; next: number | null } = (
        await api.ask('GET', `/v1/experiments/${id}/events?limit=3&after=${after}`)
      ).json();
      seen.push(...page.data);
      after = page.next;
    }
    expect(seen).toEqual(all);
  });

  it('are replayed and followed by a stream, which ends with the experiment', async () => {
    const id = await submit();
    const response = await stream(`/v1/experiments/${id}/events`);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    await computeAll();
    const text = await response.text();
    const count = await api.db.event.count({ where: { experimentId: id } });
    expect(idsIn(text)).toEqual(upTo(count));
    // A slow machine has a heartbeat, which is a comment, even after the last event.
    const blocks = text.trimEnd().split('\n\n');
    const last = blocks.filter((block) => !block.startsWith(':')).at(-1)!;
    expect(last).toMatch(/^id: \d+\nevent: experiment\.finished\ndata: \{/);
    expect(JSON.parse(last.split('data: ')[1]!)).toMatchObject({ id: count, type: 'experiment.finished' });
  });

  it('go on without gap or repeat after the connection was cut', async () => {
    const id = await submit();
    const cut = await stream(`/v1/experiments/${id}/events`);
    const first = idsIn(await readUntil(cut, (text) => idsIn(text).length >= 2));
    await computeAll();
    const rest = await stream(`/v1/experiments/${id}/events?after=0`, { 'Last-Event-ID': String(first.at(-1)) });
    const count = await api.db.event.count({ where: { experimentId: id } });
    expect([...first, ...idsIn(await rest.text())]).toEqual(upTo(count));
  });

  it('answer 204, which stops an EventSource, where nothing more will come', async () => {
    const id = await submit();
    await computeAll();
    const count = await api.db.event.count({ where: { experimentId: id } });
    const response = await stream(`/v1/experiments/${id}/events`, { 'Last-Event-ID': String(count) });
    expect(response.status).toBe(204);
  });

  it('refuse a Last-Event-ID that is no number', async () => {
    const response = await stream(`/v1/experiments/${await submit()}/events`, { 'Last-Event-ID': 'abc' });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ problems: [{ in: 'header', pointer: '/Last-Event-ID' }] });
  });

  it('of a job end with it, and are empty for one that was reused', async () => {
    const id = await submit();
    await computeAll();
    const { data } = (await api.ask('GET', `/v1/experiments/${id}/jobs`)).json<{ data: { id: string }[] }>();
    const text = await (await stream(`/v1/jobs/${data[0]!.id}/events`)).text();
    const types = [...text.matchAll(/^event: (.+)$/gm)].map(([, type]) => type);
    expect(types).toEqual(['job.queued', 'job.started', 'job.progress', 'job.succeeded']);

    const again = await submit(true);
    const { data: reused } = (await api.ask('GET', `/v1/experiments/${again}/jobs`)).json<{ data: { id: string }[] }>();
    expect((await stream(`/v1/jobs/${reused[0]!.id}/events`)).status).toBe(204);
  });

  it('send a comment while nothing happens', async () => {
    const id = await submit();
    const quiet = await stream(`/v1/experiments/${id}/events`, { 'Last-Event-ID': '2' });
    // Several at once on a machine that was elsewhere meanwhile.
    expect(await readUntil(quiet, (text) => text.endsWith('\n\n'))).toMatch(/^(: heartbeat\n\n)+$/);
    await cancelExperiment({ db: api.db, now: new Date() }, id);
  });

  it('are watched by the client through cut connections, each once', async () => {
    const id = await submit();
    let connections = 0;
    // A network that breaks each connection after its first 400 bytes.
    const brittle: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      connections++;
      if (!response.body) return response;
      let left = 400;
      const breaking = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          if (chunk.length >= left) {
            controller.enqueue(chunk.subarray(0, left));
            controller.error(new Error('cut'));
          } else {
            left -= chunk.length;
            controller.enqueue(chunk);
          }
        },
      });
      return new Response(response.body.pipeThrough(breaking), response);
    };
    const client = createRetortClient(url, { fetch: brittle });
    const seen: number[] = [];
    const computing = computeAll();
    for await (const event of watchExperiment(client, id, { retryMs: 1 })) seen.push(event.id);
    await computing;
    expect(seen).toEqual(upTo(await api.db.event.count({ where: { experimentId: id } })));
    expect(connections).toBeGreaterThan(2);
  });

  it('of a stream that Postgres failed are taken up again by the client', async () => {
    const id = await submit();
    const seen: number[] = [];
    const watching = (async () => {
      for await (const event of watchExperiment(createRetortClient(url), id, { retryMs: 50 })) seen.push(event.id);
    })();
    await expect.poll(() => seen.length).toBe(2);
    await api.db.$executeRaw`ALTER TABLE events RENAME TO events_away`;
    const failing = await stream(`/v1/experiments/${id}/events`);
    // Where its headers are sent already a stream can only end.
    expect([200, 500]).toContain(failing.status);
    expect(idsIn(await failing.text())).toEqual([]);
    await api.db.$executeRaw`ALTER TABLE events_away RENAME TO events`;
    await computeAll();
    await watching;
    expect(seen).toEqual(upTo(await api.db.event.count({ where: { experimentId: id } })));
  });

  it('are not watched where there is no such experiment', async () => {
    const watching = watchExperiment(createRetortClient(url), 'exp_01ARZ3NDEKTSV4RRFFQ69G5FAV');
    await expect(watching.next()).rejects.toThrow(WatchError);
  });

  it('stop being watched when the signal aborts', async () => {
    const id = await submit();
    const seen: string[] = [];
    for await (const event of watchExperiment(createRetortClient(url), id, { signal: stop.signal })) {
      seen.push(event.type);
      if (seen.length === 2) stop.abort();
    }
    expect(seen).toEqual(['experiment.created', 'job.queued']);
  });
});

describe('a server that closes', () => {
  it('ends its streams', async () => {
    const api = await openTestApp();
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const { id } = (await api.ask('POST', '/v1/experiments', { payload: specWith() })).json<{ id: string }>();
    const headers = { Accept: 'text/event-stream' };
    const response = await fetch(`${url}/v1/experiments/${id}/events`, { headers });
    const text = response.text();
    await api.close();
    expect(await text).toContain('event: job.queued');
  });
});
