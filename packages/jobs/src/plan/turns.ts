import { setImmediate } from 'node:timers/promises';

/** Milliseconds of work after which other work of the process has its turn. */
const TURN_MS = 15;

/** Does work that may take seconds in its steps, so that other work of the process has its turn. */
export async function takeTurns<Result>(steps: Generator<void, Result>): Promise<Result> {
  for (let turn = performance.now(); ;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - turn < TURN_MS) continue;
    await setImmediate();
    turn = performance.now();
  }
}
