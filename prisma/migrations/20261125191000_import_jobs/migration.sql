-- AlterEnum
ALTER TYPE "job_kind" ADD VALUE 'import' BEFORE 'measure';
