import { expect, it } from 'vitest';
import { fromJsonNumber, toJsonNumber } from './number.js';

it.each([0, -1.5, 1e-300, Infinity, -Infinity, NaN])('%s survives JSON', (value) => {
  const travelled = JSON.parse(JSON.stringify(toJsonNumber(value))) as ReturnType<typeof toJsonNumber>;
  expect(fromJsonNumber(travelled)).toBe(value);
});
