-- AlterTable
ALTER TABLE "jobs" ADD COLUMN "reuse" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN "follows_id" TEXT;

-- AlterTable
ALTER TABLE "artifacts" ADD COLUMN "lost_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "computations" (
    "fingerprint" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,

    CONSTRAINT "computations_pkey" PRIMARY KEY ("fingerprint")
);

-- CreateIndex
CREATE INDEX "computations_job_id_idx" ON "computations"("job_id");

-- CreateIndex
CREATE INDEX "jobs_follows_id_idx" ON "jobs"("follows_id");

-- AddForeignKey
ALTER TABLE "computations" ADD CONSTRAINT "computations_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What has been computed is reused as before.
INSERT INTO "computations" ("fingerprint", "job_id")
SELECT DISTINCT ON ("fingerprint") "fingerprint", "id" FROM "jobs"
WHERE "status" = 'succeeded' AND "reused_from_id" IS NULL
ORDER BY "fingerprint", "id";
