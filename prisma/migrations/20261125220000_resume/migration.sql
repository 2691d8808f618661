-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "pause_requested_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "tasks" ADD COLUMN     "checkpoint_sha256" TEXT;

-- CreateIndex
CREATE INDEX "tasks_checkpoint_sha256_idx" ON "tasks"("checkpoint_sha256");

-- AddForeignKey
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_checkpoint_sha256_fkey" FOREIGN KEY ("checkpoint_sha256") REFERENCES "artifacts"("sha256") ON DELETE SET NULL ON UPDATE CASCADE;
