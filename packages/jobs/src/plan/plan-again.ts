import type { ExperimentSpec, JobLabels, JobSpec } from '@retort/contracts';
import type { SqlRunner } from '@retort/store';
import { fingerprint } from './fingerprint.js';
import type { Planning } from './plan.js';
import { splitJobs, type UnsplitJob } from './shards.js';
import { takeTurns } from './turns.js';

/** A job as it was planned the first time; its parents by their places in the plan. */
interface EnteredJob {
  readonly name: string;
  readonly labels: JobLabels;
  readonly spec: JobSpec;
  readonly parents: Readonly<Record<string, number>>;
}

/**
 * The plan of an experiment that was entered before.
 *
 * It is made from the jobs: the spec as it is kept has the first point of its grid filled in, and with another the
 * defaults might be others. The fingerprints are today's.
 */
export async function planAgain(sql: SqlRunner, experimentId: string, spec: ExperimentSpec): Promise<Planning> {
  const entered = await sql.$queryRaw<EnteredJob[]>`
    SELECT name, labels, spec, coalesce(of_parents.parents, '{}') AS parents
    FROM jobs CROSS JOIN LATERAL (
      SELECT json_object_agg(role, ordinal) AS parents
      FROM (SELECT role, parent_id FROM job_edges WHERE child_id = jobs.id) edge
      CROSS JOIN LATERAL (SELECT parent.ordinal FROM jobs parent WHERE parent.id = parent_id LIMIT 1) place) of_parents
    WHERE experiment_id = ${experimentId} ORDER BY ordinal`;
  const split = splitJobs(await takeTurns(fingerprinted(entered)), spec.limits);
  return split.ok ? { ok: true, plan: { spec, jobs: split.jobs } } : split;
}

function* fingerprinted(entered: readonly EnteredJob[]): Generator<void, UnsplitJob[]> {
  const jobs: UnsplitJob[] = [];
  for (const { name, labels, spec, parents } of entered) {
    const inputs = Object.fromEntries(Object.entries(parents).map(([role, at]) => [role, jobs[at]!.fingerprint]));
    jobs.push({ name, labels, spec, fingerprint: fingerprint(spec, inputs), parents });
    yield;
  }
  return jobs;
}
