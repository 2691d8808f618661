import { expect, it } from 'vitest';
import { nextAttemptAt } from './schedule.js';

it('tries ten times within four days, each delay at most a tenth longer than that of the specification', () => {
  const now = new Date(0);
  const seconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
  seconds.forEach((delay, index) => {
    const at = nextAttemptAt(index + 1, now)!.getTime() / 1000;
    expect(at).toBeGreaterThanOrEqual(delay);
    expect(at).toBeLessThanOrEqual(delay * 1.1);
  });
  expect(nextAttemptAt(seconds.length + 1, now)).toBeUndefined();
  expect(seconds.reduce((sum, each) => sum + each, 0) * 1.1).toBeLessThan(4 * 86_400);
});
