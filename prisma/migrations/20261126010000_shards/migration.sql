CREATE TYPE "task_role" AS ENUM ('whole', 'part', 'merge');

ALTER TABLE "tasks" ADD COLUMN "role" "task_role" NOT NULL DEFAULT 'whole',
                    ADD COLUMN "shards" INTEGER NOT NULL DEFAULT 1,
                    ADD COLUMN "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
                    ADD COLUMN "outcome_sha256" TEXT;

DROP INDEX "tasks_job_id_shard_key";
CREATE UNIQUE INDEX "tasks_job_id_role_shard_key" ON "tasks"("job_id", "role", "shard");

CREATE INDEX "tasks_outcome_sha256_idx" ON "tasks"("outcome_sha256");
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_outcome_sha256_fkey" FOREIGN KEY ("outcome_sha256") REFERENCES "artifacts"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TRIGGER "tasks_outcome_sha256_release" AFTER DELETE OR UPDATE OF "outcome_sha256" ON "tasks"
  FOR EACH ROW WHEN (OLD."outcome_sha256" IS NOT NULL) EXECUTE FUNCTION "release_artifact"('outcome_sha256');
