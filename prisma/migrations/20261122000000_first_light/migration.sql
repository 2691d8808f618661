-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "job_kind" AS ENUM ('train', 'distill', 'deploy', 'measure', 'attack');

-- CreateEnum
CREATE TYPE "job_status" AS ENUM ('blocked', 'queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled');

-- CreateEnum
CREATE TYPE "worker_status" AS ENUM ('online', 'draining', 'offline');

-- CreateTable
CREATE TABLE "experiments" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "spec" JSON NOT NULL,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "event_seq" INTEGER NOT NULL DEFAULT 0,
    "job_count" INTEGER NOT NULL,
    "open_jobs" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "experiments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "key" TEXT NOT NULL,
    "body_sha256" TEXT NOT NULL,
    "experiment_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "jobs" (
    "id" TEXT NOT NULL,
    "experiment_id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "kind" "job_kind" NOT NULL,
    "status" "job_status" NOT NULL,
    "reason" TEXT,
    "detail" TEXT,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "spec" JSONB NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "seed" INTEGER NOT NULL,
    "progress" JSONB NOT NULL DEFAULT '{"fraction":0}',
    "result" JSONB,
    "waiting_for" INTEGER NOT NULL,
    "max_attempts" INTEGER NOT NULL,
    "max_duration_seconds" INTEGER NOT NULL,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "reused_from_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "queued_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "job_edges" (
    "child_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "parent_id" TEXT NOT NULL,

    CONSTRAINT "job_edges_pkey" PRIMARY KEY ("child_id","role")
);

-- CreateTable
CREATE TABLE "tasks" (
    "id" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,
    "shard" INTEGER NOT NULL DEFAULT 0,
    "status" "job_status" NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "spent_attempts" INTEGER NOT NULL DEFAULT 0,
    "worker_id" TEXT,
    "lease_token" UUID,
    "lease_expires_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tasks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempts" (
    "id" TEXT NOT NULL,
    "task_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "worker_id" TEXT NOT NULL,
    "engine" JSONB,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "detail" TEXT,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "task_id" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "available_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "events" (
    "experiment_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "job_id" TEXT,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "events_pkey" PRIMARY KEY ("experiment_id","seq")
);

-- CreateTable
CREATE TABLE "metrics" (
    "job_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "epoch" INTEGER,
    "value" DOUBLE PRECISION NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "metrics_pkey" PRIMARY KEY ("job_id","name","step")
);

-- CreateTable
CREATE TABLE "artifacts" (
    "sha256" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "media_type" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "job_artifacts" (
    "job_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "job_artifacts_pkey" PRIMARY KEY ("job_id","name")
);

-- CreateTable
CREATE TABLE "models" (
    "id" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "job_kind" NOT NULL,
    "architecture" TEXT NOT NULL,
    "dataset" TEXT NOT NULL,
    "training_temperature" DOUBLE PRECISION NOT NULL,
    "deployment_temperature" DOUBLE PRECISION NOT NULL,
    "test_accuracy" DOUBLE PRECISION NOT NULL,
    "weights_sha256" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "models_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workers" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "status" "worker_status" NOT NULL,
    "engine" JSONB,
    "concurrency" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workers_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "idempotency_keys_experiment_id_key" ON "idempotency_keys"("experiment_id");

-- CreateIndex
CREATE INDEX "jobs_status_id_idx" ON "jobs"("status", "id");

-- CreateIndex
CREATE INDEX "jobs_kind_id_idx" ON "jobs"("kind", "id");

-- CreateIndex
CREATE INDEX "jobs_fingerprint_idx" ON "jobs"("fingerprint");

-- CreateIndex
CREATE UNIQUE INDEX "jobs_experiment_id_ordinal_key" ON "jobs"("experiment_id", "ordinal");

-- CreateIndex
CREATE INDEX "job_edges_parent_id_idx" ON "job_edges"("parent_id");

-- CreateIndex
CREATE INDEX "tasks_status_lease_expires_at_idx" ON "tasks"("status", "lease_expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "tasks_job_id_shard_key" ON "tasks"("job_id", "shard");

-- CreateIndex
CREATE UNIQUE INDEX "attempts_task_id_number_key" ON "attempts"("task_id", "number");

-- CreateIndex
CREATE INDEX "outbox_sent_at_available_at_idx" ON "outbox"("sent_at", "available_at");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_task_id_attempt_key" ON "outbox"("task_id", "attempt");

-- CreateIndex
CREATE INDEX "events_job_id_seq_idx" ON "events"("job_id", "seq");

-- CreateIndex
CREATE INDEX "job_artifacts_sha256_idx" ON "job_artifacts"("sha256");

-- CreateIndex
CREATE UNIQUE INDEX "models_job_id_key" ON "models"("job_id");

-- CreateIndex
CREATE INDEX "workers_status_heartbeat_at_idx" ON "workers"("status", "heartbeat_at");

-- AddForeignKey
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_edges" ADD CONSTRAINT "job_edges_child_id_fkey" FOREIGN KEY ("child_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_edges" ADD CONSTRAINT "job_edges_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "tasks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "tasks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "metrics" ADD CONSTRAINT "metrics_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_artifacts" ADD CONSTRAINT "job_artifacts_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_artifacts" ADD CONSTRAINT "job_artifacts_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "artifacts"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "models" ADD CONSTRAINT "models_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;


