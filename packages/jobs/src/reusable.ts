import type { JobResult } from '@retort/contracts';
import type { SqlRunner } from '@retort/store';
import { markLost } from './artifacts.js';
import type { PlannedJob } from './plan/plan.js';

/** A job that has succeeded before, whose result an equal one takes over. */
export interface Reusable {
  readonly id: string;
  readonly result: JobResult;
  readonly artifacts: { name: string; sha256: string }[];
}

/** Says whether the store has bytes under this hash. */
export type IsKept = (sha256: string) => Promise<boolean>;

/** Artifacts that are looked for at once. */
const LOOKS_AT_ONCE = 32;

/**
 * What has been computed before of planned jobs, by fingerprint.
 *
 * Where something is computed from it now, its artifacts are looked for in the store first; one that is not there is
 * marked as lost, and what made it is computed again. A result that nothing is computed from needs none of them.
 *
 * @param anywhere whether results of any experiment are taken
 * @param retryOf an experiment whose results are taken before others; null for none
 */
export async function findReusable(
  tx: SqlRunner,
  jobs: readonly PlannedJob[],
  { anywhere, retryOf, isKept, now }: { anywhere: boolean; retryOf: string | null; isKept: IsKept; now: Date },
): Promise<Map<string, Reusable>> {
  const fingerprints = [...new Set(jobs.map(({ fingerprint }) => fingerprint))];
  const found = new Map([
    ...(anywhere ? await readComputed(tx, fingerprints) : []),
    ...(retryOf === null ? [] : await readSucceeded(tx, retryOf)),
  ]);
  const seen = new Set<string>();
  for (;;) {
    // Once more for each net that turns out to be lost: what that one is made from is needed then.
    const needed = neededOf(jobs, found).filter((fingerprint) => !seen.has(fingerprint));
    if (needed.length === 0) return found;
    const hashes = new Set(needed.flatMap((print) => found.get(print)!.artifacts.map(({ sha256 }) => sha256)));
    const lost = await absentOf([...hashes], isKept);
    if (lost.size > 0) await markLost(tx, [...lost], now);
    for (const fingerprint of needed) {
      seen.add(fingerprint);
      if (found.get(fingerprint)!.artifacts.some(({ sha256 }) => lost.has(sha256))) found.delete(fingerprint);
    }
  }
}

async function readComputed(tx: SqlRunner, fingerprints: string[]): Promise<Map<string, Reusable>> {
  const computed = await tx.$queryRaw<(Reusable & { fingerprint: string })[]>`
    SELECT fingerprint, job.id, result, array_to_json(ARRAY(
      SELECT json_build_object('name', name, 'sha256', sha256) FROM job_artifacts WHERE job_id = job.id)) AS artifacts
    FROM unnest(${fingerprints}::text[]) AS wanted (fingerprint)
    CROSS JOIN LATERAL (SELECT job_id FROM computations WHERE computations.fingerprint = wanted.fingerprint LIMIT 1) computation
    CROSS JOIN LATERAL (SELECT id, result FROM intact_jobs WHERE id = job_id LIMIT 1) job`;
  return byFingerprint(computed);
}

async function readSucceeded(tx: SqlRunner, experimentId: string): Promise<Map<string, Reusable>> {
  const succeeded = await tx.$queryRaw<(Reusable & { fingerprint: string })[]>`
    SELECT fingerprint, job.id, result, array_to_json(ARRAY(
      SELECT json_build_object('name', name, 'sha256', sha256) FROM job_artifacts WHERE job_id = job.id)) AS artifacts
    FROM (SELECT id, fingerprint FROM jobs WHERE experiment_id = ${experimentId} AND status = 'succeeded') own
    CROSS JOIN LATERAL (SELECT id, result FROM intact_jobs WHERE id = own.id LIMIT 1) job`;
  return byFingerprint(succeeded);
}

function byFingerprint(jobs: readonly (Reusable & { fingerprint: string })[]): Map<string, Reusable> {
  return new Map(jobs.map(({ fingerprint, ...job }) => [fingerprint, job]));
}

/** The fingerprints of reused jobs from which something is computed now. */
function neededOf(jobs: readonly PlannedJob[], found: ReadonlyMap<string, Reusable>): string[] {
  const computed = jobs.filter(({ fingerprint }) => !found.has(fingerprint));
  const parents = computed.flatMap((job) => Object.values(job.parents).map((at) => jobs[at]!.fingerprint));
  return [...new Set(parents)].filter((fingerprint) => found.has(fingerprint));
}

async function absentOf(hashes: readonly string[], isKept: IsKept): Promise<Set<string>> {
  const absent = new Set<string>();
  for (let start = 0; start < hashes.length; start += LOOKS_AT_ONCE) {
    const looks = hashes.slice(start, start + LOOKS_AT_ONCE).map(async (sha256) => {
      if (!(await isKept(sha256))) absent.add(sha256);
    });
    await Promise.all(looks);
  }
  return absent;
}
