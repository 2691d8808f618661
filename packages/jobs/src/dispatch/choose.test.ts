import { describe, expect, it } from 'vitest';
import { choose, isMoreDue, type Candidate, type Limits } from './choose.js';
import type { Load, Standing } from './standing.js';

const minute = 60_000;
let made = 0;

function job(changes: Partial<Candidate> & { submitted?: number; priority?: number } = {}): Candidate {
  const { submitted = 0, priority = 0, ...rest } = changes;
  const taskId = `task_${String(made++).padStart(5, '0')}`;
  return { taskId, apiKeyId: '', kind: 'train', engine: '', place: new Date((submitted - priority) * minute), ...rest };
}

function jobs(count: number, changes: Parameters<typeof job>[0] = {}): Candidate[] {
  return Array.from({ length: count }, () => job(changes));
}

function load(changes: Partial<Load> = {}): Load {
  return { engine: 'wasm', apiKeyId: '', kind: 'train', tasks: 1, ...changes };
}

const noLimits: Limits = { kinds: new Map(), keys: new Map() };
const workers = (slots: Record<string, number>, held: Partial<Standing> = {}): Standing => ({
  slots: new Map(Object.entries(slots)),
  running: [],
  sent: [],
  ...held,
});
const pick = (candidates: Candidate[], standing: Standing, limits = noLimits) =>
  choose(candidates, standing, limits).map(({ candidate }) => candidate);

describe('how much is sent', () => {
  it.each([
    ['nothing without workers', {}, {}, 0],
    ['one ahead of a single busy slot', { wasm: 1 }, { running: [load()] }, 1],
    ['the free slots and half as many again', { wasm: 8 }, {}, 12],
    [
      'nothing beyond what is on its way',
      { wasm: 8 },
      { running: [load({ tasks: 8 })], sent: [load({ tasks: 4 })] },
      0,
    ],
    [
      'nothing for tasks of a worker that takes no more',
      { wasm: 2 },
      { running: [load({ engine: null, tasks: 5 })] },
      3,
    ],
  ])('%s', (_what, slots, held, expected) => {
    expect(pick(jobs(50), workers(slots, held))).toHaveLength(expected);
  });
});

describe('when more is sent', () => {
  it.each([
    ['with any room, where tasks are long', 8, 3, {}, true],
    ['not without room', 8, 4, {}, false],
    ['not while most of what is ahead waits still', 1, 13, { wasm: 20 }, false],
    ['once half of it is taken', 1, 10, { wasm: 20 }, true],
  ])('%s', (_what, slots, sent, ahead, due) => {
    const standing = workers({ wasm: slots }, { running: [load({ tasks: slots })], sent: [load({ tasks: sent })] });
    expect(isMoreDue(standing, new Map(Object.entries(ahead)))).toBe(due);
  });
});

describe('the order', () => {
  it('is that of submission and then of the plan, at equal priority', () => {
    const [third, first, second] = [job({ submitted: 2 }), job({ submitted: 1 }), job({ submitted: 1 })];
    expect(pick([third, second, first], workers({ wasm: 2 }))).toEqual([first, second, third]);
  });

  it('puts a larger priority first, until a minute of waiting for each point has made up for it', () => {
    const ordinary = job({ submitted: 0 });
    const late = job({ submitted: 9, priority: 10 });
    const tooLate = job({ submitted: 11, priority: 10 });
    expect(pick([ordinary, tooLate, late], workers({ wasm: 2 }))).toEqual([late, ordinary, tooLate]);
  });

  it('goes round the keys: the one with the fewest tasks under way is next, whatever its priority', () => {
    const many = jobs(100, { apiKeyId: 'many', priority: 100 });
    const few = jobs(2, { apiKeyId: 'few', submitted: 5 });
    const chosen = pick([...many, ...few], workers({ wasm: 4 }));
    expect(chosen.map(({ apiKeyId }) => apiKeyId)).toEqual(['many', 'few', 'many', 'few', 'many', 'many']);
  });

  it('counts what a key has running', () => {
    const standing = workers({ wasm: 4 }, { running: [load({ apiKeyId: 'many', tasks: 4 })] });
    const chosen = pick([...jobs(100, { apiKeyId: 'many' }), job({ apiKeyId: 'few', submitted: 500 })], standing);
    expect(chosen.map(({ apiKeyId }) => apiKeyId)).toEqual(['few', 'many']);
  });
});

describe('limits', () => {
  it('hold back a kind, and let others by', () => {
    const standing = workers({ wasm: 8 }, { running: [load({ kind: 'attack' })], sent: [load({ kind: 'attack' })] });
    const candidates = [...jobs(20, { kind: 'attack' }), ...jobs(20, { kind: 'measure', submitted: 60 })];
    const chosen = pick(candidates, standing, { ...noLimits, kinds: new Map([['attack', 3]]) });
    expect(chosen.filter(({ kind }) => kind === 'attack')).toHaveLength(1);
    expect(chosen).toHaveLength(10);
  });

  it('hold back a key, and let others by', () => {
    const standing = workers({ wasm: 8 }, { running: [load({ apiKeyId: 'bound' })] });
    const candidates = [...jobs(20, { apiKeyId: 'bound' }), ...jobs(20, { apiKeyId: 'free', submitted: 60 })];
    const chosen = pick(candidates, standing, { ...noLimits, keys: new Map([['bound', 2]]) });
    expect(chosen.filter(({ apiKeyId }) => apiKeyId === 'bound')).toHaveLength(1);
    expect(chosen).toHaveLength(11);
  });
});

describe('engines', () => {
  const place = (candidates: Candidate[], standing: Standing) =>
    choose(candidates, standing, noLimits).map(({ candidate, engine }) => [candidate.engine, engine]);

  it('sends what wants an engine to its workers only, and never lets it hold up what does not', () => {
    const candidates = [...jobs(5, { engine: 'tfjs-node' }), ...jobs(5, { submitted: 9 })];
    expect(place(candidates, workers({ wasm: 2 }))).toEqual([
      ['', 'wasm'],
      ['', 'wasm'],
      ['', 'wasm'],
    ]);
    expect(place(candidates, workers({ 'tfjs-node': 1, wasm: 1 })).slice(0, 2)).toEqual([
      ['tfjs-node', 'tfjs-node'],
      ['tfjs-node', 'tfjs-node'],
    ]);
  });

  it('sends what wants a GPU to whichever has one', () => {
    expect(place(jobs(9, { engine: 'gpu' }), workers({ wasm: 4, webgpu: 1, 'tfjs-node-gpu': 1 }))).toEqual([
      ['gpu', 'tfjs-node-gpu'],
      ['gpu', 'webgpu'],
      ['gpu', 'tfjs-node-gpu'],
      ['gpu', 'webgpu'],
    ]);
  });

  it('sends what runs anywhere to where most slots are free', () => {
    const standing = workers({ wasm: 4, cpu: 2 }, { running: [load({ tasks: 4 })] });
    expect(place(jobs(2), standing).map(([, engine]) => engine)).toEqual(['cpu', 'cpu']);
  });
});
