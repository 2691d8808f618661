import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { RetortClient } from './client.js';
import type { components } from './openapi.js';

/** One thing that happened in an experiment. */
export type RetortEvent = components['schemas']['Event'];

export interface WatchOptions {
  /** The last event that is known already; 0, for all of them, where absent. */
  readonly lastEventId?: number;
  /** Ends the watching. */
  readonly signal?: AbortSignal;
  /** Milliseconds before a cut connection is made again. */
  readonly retryMs?: number;
  /** Connections that may fail one after another before the watching fails. */
  readonly maxFailures?: number;
}

/** An answer with which the API refuses to stream events. */
export class WatchError extends Error {
  override readonly name = 'WatchError';
}

/**
 * Yields the events of an experiment, those that have happened and those that happen, each once, until the last one.
 *
 * A cut connection is made again and goes on after the last event that arrived.
 *
 * @throws WatchError where the API refuses, such as for an id that there is not
 * @throws the last error, where the API cannot be reached `maxFailures` times in a row
 */
export async function* watchExperiment(
  client: RetortClient,
  id: string,
  { lastEventId = 0, signal, retryMs = 500, maxFailures = 20 }: WatchOptions = {},
): AsyncGenerator<RetortEvent, void, undefined> {
  const url = `${client.baseUrl}/v1/experiments/${encodeURIComponent(id)}/events`;
  let last = lastEventId;
  let failures = 0;
  while (!signal?.aborted) {
    try {
      const response = await connect(client, url, last, signal);
      if (response.status === 204) return;
      for await (const event of eventsIn(response)) {
        last = event.id;
        failures = 0;
        yield event;
        if (event.type === 'experiment.finished') return;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof WatchError || ++failures >= maxFailures) throw error;
    }
    await pause(retryMs, signal);
  }
}

async function connect(client: RetortClient, url: string, last: number, signal?: AbortSignal): Promise<Response> {
  const headers = { Accept: 'text/event-stream', 'Last-Event-ID': String(last) };
  const response = await client.fetch(url, { headers, signal });
  if (response.ok) return response;
  const text = await response.text();
  const message = `the API answered ${response.status} to GET ${url}: ${text}`;
  throw response.status >= 500 || response.status === 429 ? new Error(message) : new WatchError(message);
}

async function* eventsIn({ body }: Response): AsyncGenerator<RetortEvent, void, undefined> {
  if (!body) return;
  const messages = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { data } of messages) yield JSON.parse(data) as RetortEvent;
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    if (signal?.aborted) done();
  });
}
