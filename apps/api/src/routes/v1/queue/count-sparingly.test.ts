import type { QueueView } from '@retort/jobs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { countSparingly } from './count-sparingly.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

const group = { api_key_id: null, kind: 'train', engine: null, priority: 0, oldest_seconds: 0 } as const;
const backlog = (tasks: number): QueueView => ({
  counted_at: new Date(0).toISOString(),
  jobs: { blocked: 0, queued: tasks, running: 0, paused: 0 },
  unsent: tasks,
  waiting: [{ ...group, tasks }],
  slots: [],
  limits: [],
});

it('counts for each who asks while little waits, and once for all who ask meanwhile', async () => {
  const count = vi.fn(() => Promise.resolve(backlog(9999)));
  const counted = countSparingly(count);
  await Promise.all([counted(), counted()]);
  expect(count).toHaveBeenCalledTimes(1);
  await counted();
  expect(count).toHaveBeenCalledTimes(2);
});

it.each([
  [25_000, 2],
  [10_000_000, 15],
])('lets a count of %i tasks serve for %i s', async (tasks, seconds) => {
  const count = vi.fn(() => Promise.resolve(backlog(tasks)));
  const counted = countSparingly(count);
  await counted();
  vi.advanceTimersByTime(seconds * 1000 - 1);
  await counted();
  expect(count).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  await counted();
  expect(count).toHaveBeenCalledTimes(2);
});

it('counts again after a count that failed', async () => {
  const count = vi.fn(() => Promise.resolve(backlog(1))).mockRejectedValueOnce(new Error('Postgres is away'));
  const counted = countSparingly(count);
  await expect(counted()).rejects.toThrow('Postgres is away');
  await expect(counted()).resolves.toMatchObject({ unsent: 1 });
});
