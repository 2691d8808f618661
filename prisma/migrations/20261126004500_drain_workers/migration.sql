-- AlterTable
ALTER TABLE "workers" ADD COLUMN     "drain_requested_at" TIMESTAMPTZ(3);
