import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventsOf, jobsOf, quickSpec, submit } from '../support/experiments.js';
import { startRetort, type Client, type TestRetort } from '../support/retort.js';

let retort: TestRetort;
beforeAll(async () => {
  retort = await startRetort();
});
afterAll(() => retort.stop());

const CUTS = 100;

it('gives each event once over a hundred connections that are cut, to two API processes', async () => {
  const apis: Client[] = [retort, await retort.startApi()];
  const id = await submit(retort, quickSpec());
  const [job] = await jobsOf(retort, id);
  let happening = true;
  // No worker is there: these are all the events, some between two cuts and some while nobody listens.
  const acts = (async () => {
    while (happening) {
      for (const act of ['pause', 'resume']) await retort.post(`/v1/jobs/${job!.id}/${act}`);
    }
    await retort.post(`/v1/experiments/${id}/cancel`);
  })();

  const seen: number[] = [];
  const follow = (api: Client, most: number) => readSome(`${api.url}/v1/experiments/${id}/events`, seen, most);
  try {
    for (let cut = 0; cut < CUTS; cut++) await follow(apis[cut % apis.length]!, cut % 4);
  } finally {
    happening = false;
    await acts;
  }
  expect(await follow(apis[1]!, Infinity)).toBe('ended');

  const events = await allEvents(retort, id);
  expect(seen).toEqual(events.map((_, index) => index + 1));
  expect(seen.length).toBeGreaterThan(CUTS);
  const again = await fetch(`${apis[0]!.url}/v1/experiments/${id}/events`, streamAfter(seen.at(-1)!));
  // The status by which an EventSource learns not to connect again.
  expect(again.status).toBe(204);
});

const streamAfter = (last: number) => ({ headers: { Accept: 'text/event-stream', 'Last-Event-ID': String(last) } });

/** Follows a stream from the last event that was seen; cuts it after some events, in the middle of whatever comes then. */
async function readSome(url: string, seen: number[], most: number): Promise<'cut' | 'ended'> {
  const cut = new AbortController();
  const response = await fetch(url, { ...streamAfter(seen.at(-1) ?? 0), signal: cut.signal });
  expect(response.status).toBe(200);
  let text = '';
  let read = 0;
  const decoder = new TextDecoder();
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return 'ended';
    text += decoder.decode(value, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0 && read < most; end = text.indexOf('\n\n')) {
      const id = /^id: (\d+)$/m.exec(text.slice(0, end));
      text = text.slice(end + 2);
      // A comment that keeps the stream open has none.
      if (!id) continue;
      seen.push(Number(id[1]));
      read++;
    }
    if (read >= most) {
      cut.abort();
      return 'cut';
    }
  }
}

/** All pages of them. */
async function allEvents(client: Client, id: string): Promise<unknown[]> {
  type Page = { data: { id: number }[]; has_more: boolean; next: number };
  const events: unknown[] = await eventsOf(client, id);
  for (let more = events.length === 1000; more;) {
    const page = await client.get<Page>(`/v1/experiments/${id}/events?limit=1000&after=${events.length}`);
    events.push(...page.data);
    more = page.has_more;
  }
  return events;
}
