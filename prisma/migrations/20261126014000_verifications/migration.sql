-- CreateTable
CREATE TABLE "verifications" (
    "job_id" TEXT NOT NULL,
    "original_id" TEXT NOT NULL,
    "stored" JSONB NOT NULL,

    CONSTRAINT "verifications_pkey" PRIMARY KEY ("job_id")
);

-- AddForeignKey
ALTER TABLE "verifications" ADD CONSTRAINT "verifications_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
