import type { Database, SqlRunner } from '@retort/store';
import { followEnded } from './follow-ended.js';

/** Rows that one statement removes where nothing else bounds it. */
const BATCH = 1000;
const HOUR = 3600;
const DAY = 24 * HOUR;
/** Days after which a worker that is offline is forgotten. */
const KEEP_WORKERS_DAYS = 30;

/** How long what may go is kept; what is absent is kept for ever. */
export interface RetentionTerms {
  /** Minutes that an artifact is kept after it was put, or after the last reference to it went. */
  readonly artifactGraceMinutes: number;
  /** Hours that `job.progress` events are kept after their job ended. */
  readonly progressHours: number;
  /** Days that events of the jobs of a finished experiment are kept, but for those that say how each ended. */
  readonly eventDays?: number;
  /** Days that adversarial images are kept after their experiment finished. */
  readonly imageDays?: number;
  /** Days that weights are kept after their experiment finished. */
  readonly weightDays?: number;
  /** Days that an uploaded file to which no job refers is kept. */
  readonly uploadDays?: number;
  /** Days in which an `Idempotency-Key` is answered with the experiment that it made. */
  readonly idempotencyDays: number;
}

/** Events that are never dropped: what was asked for, and how it ended. */
const LASTING_EVENTS = ['experiment.created', 'experiment.finished', 'job.succeeded', 'job.failed', 'job.cancelled'];

/** Drops what the terms let go, a bounded number of rows each; the counts are of rows. */
export async function applyPolicies(db: Database, terms: RetentionTerms) {
  const dropArtifacts = (name: string) => (tx: SqlRunner, ids: string[]) => tx.$executeRaw`
    WITH dropped AS (
      DELETE FROM job_artifacts USING jobs
      WHERE jobs.experiment_id = ANY(${ids}) AND job_artifacts.job_id = jobs.id AND job_artifacts.name = ${name}
      RETURNING job_id)
    UPDATE jobs SET artifacts_expired_at = now() FROM dropped WHERE jobs.id = dropped.job_id`;
  const finished = (days: number) => ({ of: 'experiments' as const, seconds: days * DAY });
  return {
    progressEvents: await followEnded(
      db,
      'progress',
      { of: 'jobs', seconds: terms.progressHours * HOUR },
      (tx, ids) => tx.$executeRaw`DELETE FROM events WHERE job_id = ANY(${ids}) AND type = 'job.progress'`,
    ),
    events:
      terms.eventDays === undefined
        ? 0
        : await followEnded(
            db,
            'events',
            finished(terms.eventDays),
            (tx, ids) =>
              tx.$executeRaw`DELETE FROM events WHERE experiment_id = ANY(${ids}) AND type <> ALL(${LASTING_EVENTS})`,
          ),
    images:
      terms.imageDays === undefined
        ? 0
        : await followEnded(db, 'images', finished(terms.imageDays), dropArtifacts('adversarial')),
    weights:
      terms.weightDays === undefined
        ? 0
        : await followEnded(db, 'weights', finished(terms.weightDays), dropArtifacts('weights')),
    uploads: terms.uploadDays === undefined ? 0 : await dropUploads(db, terms.uploadDays),
    idempotencyKeys: await db.sql.$executeRaw`
      DELETE FROM idempotency_keys WHERE experiment_id IN (
        SELECT experiment_id FROM idempotency_keys WHERE created_at < now() - ${terms.idempotencyDays} * interval '1 day'
        ORDER BY created_at LIMIT ${BATCH})`,
    workers: await db.sql.$executeRaw`
      DELETE FROM workers WHERE id IN (
        SELECT id FROM workers
        WHERE status = 'offline' AND heartbeat_at < now() - ${KEEP_WORKERS_DAYS} * interval '1 day' LIMIT ${BATCH})`,
  };
}

/** An upload that was sent again is as good as new. */
function dropUploads(db: Database, days: number): Promise<number> {
  return db.sql.$executeRaw`
    DELETE FROM uploads WHERE sha256 IN (
      SELECT uploads.sha256 FROM uploads JOIN artifacts ON artifacts.sha256 = uploads.sha256
      WHERE renewed_at < now() - ${days} * interval '1 day'
        AND NOT EXISTS (SELECT 1 FROM job_uploads WHERE job_uploads.sha256 = uploads.sha256)
      LIMIT ${BATCH})`;
}
