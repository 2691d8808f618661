-- CreateTable
CREATE TABLE "uploads" (
    "sha256" TEXT NOT NULL,
    "contents" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "uploads_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "job_uploads" (
    "job_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "job_uploads_pkey" PRIMARY KEY ("job_id","role")
);

-- CreateIndex
CREATE INDEX "job_uploads_sha256_idx" ON "job_uploads"("sha256");

-- AddForeignKey
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "artifacts"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_uploads" ADD CONSTRAINT "job_uploads_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_uploads" ADD CONSTRAINT "job_uploads_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "uploads"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;
