import { quantile } from '@retort/statistics';

/** What a closed loop measured. */
export interface Pace {
  readonly perSecond: number;
  /** Milliseconds of one call. */
  readonly p50: number;
  readonly p99: number;
  readonly calls: number;
}

/**
 * Calls again and again, so that `inFlight` calls are always under way, for some seconds.
 *
 * @param call is given the number of the call, from 0
 */
export async function closedLoop(
  inFlight: number,
  seconds: number,
  call: (number: number) => Promise<unknown>,
): Promise<Pace> {
  const took: number[] = [];
  const begun = performance.now();
  const until = begun + seconds * 1000;
  let next = 0;
  const line = async () => {
    while (performance.now() < until) {
      const at = performance.now();
      await call(next++);
      took.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, line));
  const passed = (performance.now() - begun) / 1000;
  const sorted = Float64Array.from(took).sort();
  return {
    perSecond: took.length / passed,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    calls: took.length,
  };
}
