-- AlterTable
ALTER TABLE "workers" ADD COLUMN     "concurrency_why" TEXT;
