import type { Page, Queue, Worker } from '../answers.js';
import { ask } from '../ask.js';
import { badge, element, table, tableRow } from '../element.js';
import { timeText } from '../number-format.js';
import { repeat, type ShowPage } from './page.js';

/** The workers, and what waits for them. */
export const showOperation: ShowPage = async (into, signal) => {
  await repeat(signal, 3000, async () => {
    const [workers, queue] = await Promise.all([
      ask<Page<Worker>>('/v1/workers?limit=100', { signal }),
      ask<Queue>('/v1/queue', { signal }),
    ]);
    into.replaceChildren(element('h1', {}, 'Workers and queue'), workerTable(workers.data), ...queueTables(queue));
  });
};

function workerTable(workers: readonly Worker[]): HTMLElement {
  const headings = ['Worker', 'Host', 'Status', 'Engine', 'Tasks at once', 'Version', 'Last heard of'];
  return table('Workers, the latest started first', headings, workers.map(workerRow));
}

function workerRow({ name, host, status, engine, concurrency, version, heartbeat_at }: Worker): HTMLTableRowElement {
  const computes = engine
    ? `${engine.name} on ${engine.device}, ${engine.threads} ${engine.threads === 1 ? 'thread' : 'threads'}`
    : 'none';
  return tableRow([name, host, badge(status), computes, concurrency, version, timeText(heartbeat_at)]);
}

function queueTables({ jobs, unsent, deliveries, waiting, slots, limits }: Queue): HTMLElement[] {
  const sent = deliveries === 'unavailable' ? [tableRow(['Redis', 'unavailable'])] : counts(deliveries);
  return [
    table('Jobs that have not ended', ['Status', 'Jobs'], counts(jobs)),
    table(
      'Slots of the live workers',
      ['Engine', 'Slots', 'Running', 'On the way'],
      slots.map(({ engine, slots: total, running, sent }) => tableRow([engine, total, running, sent])),
    ),
    table(
      'Tasks that wait',
      ['API key', 'Kind', 'Engine', 'Priority', 'Tasks', 'Oldest (s)'],
      waiting.map(({ api_key_id, kind, engine, priority, tasks, oldest_seconds }) =>
        tableRow([api_key_id ?? 'none', kind, engine ?? 'any', priority, tasks, oldest_seconds]),
      ),
    ),
    table(
      'Limits',
      ['Kind', 'Running', 'Allowed'],
      limits.map(({ kind, running, allowed }) => tableRow([kind, running, allowed])),
    ),
    table('Deliveries', ['State', 'Deliveries'], [tableRow(['waiting in Postgres', unsent]), ...sent]),
  ];
}

function counts(of: Readonly<Record<string, number>>): HTMLTableRowElement[] {
  return Object.entries(of).map(([state, count]) => tableRow([state, count]));
}
