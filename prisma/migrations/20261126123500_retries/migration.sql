-- AlterTable
ALTER TABLE "experiments" ADD COLUMN     "retry_of_id" TEXT;
