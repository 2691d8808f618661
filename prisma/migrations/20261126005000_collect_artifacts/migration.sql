-- AlterTable
ALTER TABLE "artifacts" ADD COLUMN     "collected_at" TIMESTAMPTZ(3),
ADD COLUMN     "renewed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- CreateIndex
CREATE INDEX "artifacts_collected_at_idx" ON "artifacts"("collected_at");

-- CreateTable
CREATE TABLE "artifact_releases" (
    "id" BIGSERIAL NOT NULL,
    "sha256" TEXT NOT NULL,
    "released_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifact_releases_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "artifact_releases_released_at_idx" ON "artifact_releases"("released_at");

-- CreateTable
CREATE TABLE "installation" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);
INSERT INTO "installation" DEFAULT VALUES;

-- An artifact that a row refers to cannot be deleted by mistake.
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_checkpoint_sha256_fkey";
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_checkpoint_sha256_fkey" FOREIGN KEY ("checkpoint_sha256") REFERENCES "artifacts"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Each reference that is lost is written down, whichever statement or cascade took it, for collection to look at.
-- A column that refers to artifacts needs such a trigger, and its line in packages/jobs/src/retention/referrers.ts.
CREATE FUNCTION "release_artifact"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "artifact_releases" ("sha256") VALUES (to_jsonb(OLD) ->> TG_ARGV[0]);
  RETURN NULL;
END $$;
CREATE TRIGGER "job_artifacts_sha256_release" AFTER DELETE OR UPDATE OF "sha256" ON "job_artifacts"
  FOR EACH ROW WHEN (OLD."sha256" IS NOT NULL) EXECUTE FUNCTION "release_artifact"('sha256');
CREATE TRIGGER "tasks_checkpoint_sha256_release" AFTER DELETE OR UPDATE OF "checkpoint_sha256" ON "tasks"
  FOR EACH ROW WHEN (OLD."checkpoint_sha256" IS NOT NULL) EXECUTE FUNCTION "release_artifact"('checkpoint_sha256');
CREATE TRIGGER "uploads_sha256_release" AFTER DELETE OR UPDATE OF "sha256" ON "uploads"
  FOR EACH ROW WHEN (OLD."sha256" IS NOT NULL) EXECUTE FUNCTION "release_artifact"('sha256');

-- What was there before is looked at once.
INSERT INTO "artifact_releases" ("sha256") SELECT "sha256" FROM "artifacts";
