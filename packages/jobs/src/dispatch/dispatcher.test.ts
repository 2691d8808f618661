import { setTimeout as after } from 'node:timers/promises';
import pino from 'pino';
import { expect, it } from 'vitest';
import { openTestDatabase } from '@retort/stack/testing';
import { submitExperiment } from '../submit.js';
import { familySpec, net, RecordingQueue } from '../testing/fixtures.js';
import { startDispatcher } from './dispatcher.js';

const { db } = await openTestDatabase();
/** As many looks as a test needs to be sure that each rests. */
const LOOKS = 20;

it('rests between two looks while deliveries wait, and answers all rings of a rest with one', async () => {
  const body = familySpec({ models: { net }, attacks: {} });
  await submitExperiment({ db, now: new Date() }, { body });
  const looks: number[] = [];
  let wake = () => {};
  const clock = {
    // Asked once with each look, in the middle of which somebody rings.
    now() {
      if (looks.push(performance.now()) < LOOKS) wake();
      return new Date();
    },
  };
  // No worker lives: the delivery waits. Only rings make it look again.
  const terms = { intervalMs: 600_000, log: pino({ level: 'silent' }) };
  const dispatcher = startDispatcher({ db, clock }, new RecordingQueue(), terms);
  wake = dispatcher.wake;
  wake();
  await expect.poll(() => looks.length).toBe(LOOKS);
  const gaps = looks.slice(1).map((at, before) => at - looks[before]!);
  // Timers may be early by a part of a millisecond.
  expect(Math.min(...gaps)).toBeGreaterThan(9);

  for (let ring = 0; ring < 100; ring++) wake();
  await expect.poll(() => looks.length).toBe(LOOKS + 1);
  await after(50);
  expect(looks).toHaveLength(LOOKS + 1);
  await dispatcher.close();
});
