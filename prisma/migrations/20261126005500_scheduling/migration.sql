-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "engine" TEXT,
ADD COLUMN     "priority" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "queue_timeout_seconds" INTEGER;

-- The outbox keeps only what no worker has claimed.
DELETE FROM "outbox" USING "tasks"
WHERE "tasks"."id" = "task_id" AND ("tasks"."status" <> 'queued' OR "tasks"."attempt" <> "outbox"."attempt");

-- What is under way in a Redis queue of the old kind is sent anew.
UPDATE "outbox" SET "sent_at" = NULL;

-- AlterTable
ALTER TABLE "outbox" ADD COLUMN     "api_key_id" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "engine" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "expires_at" TIMESTAMPTZ(3),
ADD COLUMN     "kind" "job_kind",
ADD COLUMN     "place" TIMESTAMPTZ(3),
ADD COLUMN     "priority" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "sent_to" TEXT;

UPDATE "outbox" SET "kind" = "jobs"."kind", "place" = "jobs"."created_at"
FROM "tasks" JOIN "jobs" ON "jobs"."id" = "tasks"."job_id"
WHERE "tasks"."id" = "outbox"."task_id";

ALTER TABLE "outbox" ALTER COLUMN "kind" SET NOT NULL,
ALTER COLUMN "place" SET NOT NULL;

-- DropIndex
DROP INDEX "outbox_sent_at_available_at_idx";

-- CreateIndex
CREATE INDEX "outbox_api_key_id_kind_engine_place_task_id_idx" ON "outbox"("api_key_id", "kind", "engine", "place", "task_id");

-- CreateIndex
CREATE INDEX "outbox_sent_at_idx" ON "outbox"("sent_at");

-- CreateIndex
CREATE INDEX "outbox_expires_at_idx" ON "outbox"("expires_at");
