import { smallestNet } from '@retort/contracts';

/** The seeds so far: a job that equals an earlier one would be reused, or would wait for it. */
let used = 0;

/**
 * An experiment of jobs of which none waits for another and none equals an earlier one.
 *
 * @param jobs 1 to 1000, or thousands
 */
export function independentJobs(jobs: number): unknown {
  const seeds = Array.from({ length: Math.min(jobs, 1000) }, () => used++);
  const temperatures = Array.from({ length: jobs / seeds.length }, (_, at) => at + 1);
  return {
    name: 'bench',
    dataset: { name: 'mnist', train: 100, validation: 50, test: 100 },
    models: { net: smallestNet },
    seeds,
    grid: temperatures.length > 1 ? { T: { values: temperatures, at: ['/models/net/temperature'] } } : {},
  };
}
