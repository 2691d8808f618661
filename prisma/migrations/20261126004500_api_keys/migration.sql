-- CreateTable
CREATE TABLE "api_keys" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "previous_sha256" TEXT,
    "previous_until" TIMESTAMPTZ(3),
    "scopes" TEXT[],
    "max_running" INTEGER,
    "requests_per_minute" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_sha256_key" ON "api_keys"("sha256");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_previous_sha256_key" ON "api_keys"("previous_sha256");

-- AlterTable
ALTER TABLE "experiments" ADD COLUMN     "api_key_id" TEXT;

-- CreateIndex
CREATE INDEX "experiments_api_key_id_idx" ON "experiments"("api_key_id");

-- AddForeignKey
ALTER TABLE "experiments" ADD CONSTRAINT "experiments_api_key_id_fkey" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "idempotency_keys" DROP CONSTRAINT "idempotency_keys_pkey",
ADD COLUMN     "owner" TEXT NOT NULL DEFAULT '',
ADD CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("owner", "key");
