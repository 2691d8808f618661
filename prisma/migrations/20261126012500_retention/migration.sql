-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "artifacts_expired_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "retention_cursors" (
    "policy" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL DEFAULT '1970-01-01 00:00:00 +00:00',
    "ended_id" TEXT NOT NULL DEFAULT '',
    "round" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "retention_cursors_pkey" PRIMARY KEY ("policy")
);

-- CreateIndex
CREATE INDEX "experiments_finished_at_id_idx" ON "experiments"("finished_at", "id");

-- CreateIndex
CREATE INDEX "jobs_finished_at_id_idx" ON "jobs"("finished_at", "id");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");
