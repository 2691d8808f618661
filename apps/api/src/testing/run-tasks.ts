import type { AttackResult, EngineDescription, JobKind, JobResult, ModelResult, Provenance } from '@retort/contracts';
import { claimTask, finishTask, recordProgress, registerWorker, reportWorker, type ClaimedTask } from '@retort/jobs';
import type { Database } from '@retort/store';
import type { TestApp } from './open-test-app.js';

const engine: EngineDescription = {
  name: 'cpu',
  backend: 'cpu',
  versions: { '@tensorflow/tfjs-core': '4.22.0' },
  threads: 1,
  device: 'CPU',
  self_check: { passed: true, max_relative_error: 1e-7 },
  skipped: [],
};

/** Enters a worker that computes nothing. */
export async function enterWorker(db: Database): Promise<string> {
  const identity = { name: 'tester', host: 'here', pid: 1, version: '0.0.0', concurrency: 1 };
  const id = await registerWorker({ db, now: new Date() }, identity);
  await reportWorker({ db, now: new Date() }, id, { status: 'online', engine });
  return id;
}

/** Claims the oldest queued task as a worker does; undefined where none is queued. */
export async function claimNext(db: Database, workerId: string): Promise<ClaimedTask | undefined> {
  const task = await db.task.findFirst({ where: { status: 'queued' }, orderBy: { id: 'asc' } });
  if (!task) return undefined;
  const request = { taskId: task.id, attempt: task.attempt, workerId, engine, leaseSeconds: 30 };
  const claim = await claimTask({ db, now: new Date() }, request);
  if (claim.outcome !== 'claimed') throw new Error(`task ${task.id} could not be claimed`);
  return claim.task;
}

/** Ends a claimed task as if it had been computed; a net gets the given bytes as its weights. */
export async function succeed(
  { db, artifacts }: Pick<TestApp, 'db' | 'artifacts'>,
  { lease, job }: ClaimedTask,
  weights = new TextEncoder().encode(lease.jobId),
): Promise<void> {
  const now = new Date();
  const points = [
    { name: 'train_loss', step: 1, epoch: 1, value: 0.5 },
    { name: 'train_loss', step: 2, epoch: 1, value: NaN },
  ];
  await recordProgress({ db, now }, lease, { progress: { fraction: 0.5, message: 'half' }, points, epochs: [] });
  const makesNet = job.kind === 'train' || job.kind === 'distill';
  const kept = makesNet ? [{ name: 'weights', sha256: (await artifacts.put(weights)).sha256 }] : [];
  const outcome = { type: 'succeeded' as const, result: resultOf(job.kind), artifacts: kept };
  await finishTask({ db, now }, lease, outcome);
}

const rate = { count: 9, of: 10, rate: 0.9, low: 0.6, high: 0.98 };
const nothing = { mean: 'NaN', min: 'NaN', p5: 'NaN', p25: 'NaN', median: 'NaN', p75: 'NaN', p95: 'NaN' } as const;
const distribution = { count: 0, ...nothing, max: 'NaN' as const };
const interval = { low: 'NaN', high: 'NaN' } as const;
const estimated = { ...distribution, mean_interval: interval, median_interval: interval };
const mean = { count: 0, mean: 'NaN' as const, ...interval };
const curve = [{ epsilon: 0, ...rate }];
const provenance: Provenance = {
  engine,
  code_version: '0.0.0',
  dataset: { name: 'mnist', sha256: '0'.repeat(64) },
  seed: 0,
  compute_seconds: 1,
  fallbacks: [],
};

function resultOf(kind: JobKind): JobResult {
  return kind === 'attack' ? attackResult : modelResult;
}

const modelResult: ModelResult = {
  kind: 'train',
  architecture: 'compact',
  parameter_count: 1,
  training_temperature: 1,
  deployment_temperature: 1,
  test_accuracy: rate,
  validation_accuracy: rate,
  train_loss: 0.1,
  epochs: 1,
  logit_margin: { median: 5, p95: 9 },
  provenance,
};

const attackResult: AttackResult = {
  kind: 'attack',
  attack: 'fgsm',
  parameters: {},
  examples: { choose: 'any', count: 10, available: 100, test: 1000 },
  metrics: {
    success: rate,
    clean_accuracy: rate,
    robust_accuracy: rate,
    success_over_correct: rate,
    pixels_changed: estimated,
    l0: estimated,
    l1: estimated,
    l2: estimated,
    linf: estimated,
    rho_adv: mean,
    empirical_robustness: mean,
    confidence: estimated,
    accuracy_curves: { l0: curve, l1: curve, l2: curve, linf: curve },
    gradients: distribution,
    forwards: distribution,
    no_gradient: 0,
    class_histogram: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
  },
  record: { test: 1000, attacked: '', succeeded: '', correct: '' },
  samples: [],
  provenance,
};
