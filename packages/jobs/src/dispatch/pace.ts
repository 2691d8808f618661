import type { Delivery } from '../delivery.js';

/** Seconds over which the pace is averaged. */
const AVERAGED_SECONDS = 1;
/** Seconds of work that are sent ahead: tasks of milliseconds then share a dispatch, and no longer task is held back by it. */
const AHEAD_SECONDS = 0.1;

/** How fast the workers of each engine take what this process sends. */
export class Pace {
  readonly #perSecond = new Map<string, number>();
  #at = -Infinity;

  /** @param now seconds of any clock that runs on */
  count(deliveries: readonly Delivery[], now: number): void {
    const kept = Math.exp((this.#at - now) / AVERAGED_SECONDS);
    for (const [engine, pace] of this.#perSecond) this.#perSecond.set(engine, pace * kept);
    for (const { engine } of deliveries) {
      this.#perSecond.set(engine, (this.#perSecond.get(engine) ?? 0) + 1 / AVERAGED_SECONDS);
    }
    this.#at = now;
  }

  /** Deliveries by engine that its workers take within a moment. */
  ahead(): Map<string, number> {
    return new Map([...this.#perSecond].map(([engine, pace]) => [engine, Math.floor(pace * AHEAD_SECONDS)]));
  }
}
