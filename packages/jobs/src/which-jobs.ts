import type { Clocked } from './change.js';

/** Which jobs are meant: one, or all of an experiment. */
export type Which = { readonly jobId: string } | { readonly experimentId: string };

/** The experiment that they are of; undefined where there is none, or no such job. */
export async function experimentOf({ db: { sql } }: Clocked, which: Which): Promise<string | undefined> {
  const [experiment] =
    'jobId' in which
      ? await sql.$queryRaw<{ id: string }[]>`SELECT experiment_id AS id FROM jobs WHERE id = ${which.jobId}`
      : await sql.$queryRaw<{ id: string }[]>`SELECT id FROM experiments WHERE id = ${which.experimentId}`;
  return experiment?.id;
}
