import { expect, it } from 'vitest';
import type { Standing } from '../dispatch/standing.js';
import { explainWait, type Awaited } from './waiting.js';

const now = new Date(Date.UTC(2026, 0, 1));
const task: Awaited = { availableAt: now, apiKeyId: '', kind: 'attack', engine: '', sent: false, keyLimit: null };
const load = { engine: 'wasm', apiKeyId: 'key', kind: 'attack', tasks: 2 } as const;
const busy: Standing = { slots: new Map([['wasm', 2]]), running: [load], sent: [{ ...load, tasks: 1 }] };

const wait = (changes: Partial<Awaited>, standing = busy, kindLimits = new Map()) =>
  explainWait({ ...task, ...changes }, standing, { now, kindLimits });

it.each([
  [
    'its next attempt',
    wait({ availableAt: new Date(now.getTime() + 5000) }),
    { what: 'retry', until: '2026-01-01T00:00:05.000Z' },
  ],
  ['any worker at all', wait({ engine: 'gpu' }, { ...busy, slots: new Map() }), { what: 'worker', workers: 0 }],
  [
    'a worker with a GPU',
    wait({ engine: 'gpu' }),
    { what: 'engine', engine: 'gpu', workers: 0, detail: 'no worker online has a GPU; those that are have wasm' },
  ],
  [
    'the limit of its key',
    wait({ apiKeyId: 'key', keyLimit: 3 }),
    { what: 'limit', limit: 'api_key', running: 3, allowed: 3 },
  ],
  [
    'the limit of its kind',
    wait({}, busy, new Map([['attack', 3]])),
    { what: 'limit', limit: 'attack', running: 3, allowed: 3 },
  ],
  [
    'a slot, where it was sent within its limit',
    wait({ sent: true, apiKeyId: 'key', keyLimit: 3 }),
    { what: 'slot', running: 2, slots: 2 },
  ],
  ['a slot of its engine', wait({ engine: 'wasm' }), { what: 'slot', running: 2, slots: 2 }],
])('says that a queued job waits for %s', (_what, told, expected) => {
  expect(told).toMatchObject(expected);
});
