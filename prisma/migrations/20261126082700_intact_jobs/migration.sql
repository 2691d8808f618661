-- Results that may be taken over: all of their artifacts are there, as far as is known.
-- A migration that changes the type of a column of this view has to drop it first and make it again.
CREATE VIEW "intact_jobs" AS
SELECT "id", "result" FROM "jobs"
WHERE "status" = 'succeeded' AND "artifacts_expired_at" IS NULL AND NOT EXISTS (
  SELECT FROM "job_artifacts" JOIN "artifacts" USING ("sha256") WHERE "job_id" = "jobs"."id" AND "lost_at" IS NOT NULL);
