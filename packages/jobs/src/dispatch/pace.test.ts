import { expect, it } from 'vitest';
import { Pace } from './pace.js';

const deliveries = (count: number, engine = 'wasm') =>
  Array.from({ length: count }, (_, at) => ({ taskId: `task_${at}`, attempt: 1, engine }));

it('sends ahead what the workers of an engine take in a tenth of a second, and forgets it within seconds', () => {
  const pace = new Pace();
  expect(pace.ahead()).toEqual(new Map());
  for (let hundredth = 0; hundredth < 1000; hundredth++) pace.count(deliveries(2), hundredth / 100);
  expect(pace.ahead()).toEqual(new Map([['wasm', 20]])); // 200 a second
  pace.count([], 15);
  expect(pace.ahead()).toEqual(new Map([['wasm', 0]]));
});

it('sends no more than a tenth ahead for long tasks that were sent at once', () => {
  const pace = new Pace();
  pace.count(deliveries(12, 'cpu'), 1e6);
  expect(pace.ahead()).toEqual(new Map([['cpu', 1]]));
});
