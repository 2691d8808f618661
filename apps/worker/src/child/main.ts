import { Worker } from 'node:worker_threads';
import { DatasetError } from '@retort/datasets';
import { memory } from '@tensorflow/tfjs-core';
import { EngineError, limitHeap, startEngine } from '@retort/engine';
import { ImportError } from '@retort/import';
import { TrainingFailure } from '@retort/lab';
import { isDiskFull, isOutOfMemory, type FromChild, type JobSpec, type Reason, type ToChild } from '@retort/contracts';
import { memoryAdvice } from '../memory-advice.js';
import { scratchDiskFull } from '../scratch-disk-full.js';
import { Checkpoints } from './checkpoints.js';
import { Datasets } from './datasets.js';
import { TooFewExamples } from './choose-examples.js';
import { runJob } from './run-job.js';
import type { Watched } from './supervisor-watch.js';

/** Milliseconds between two signs of life while a job is computed. */
const ALIVE_MS = 2000;

/** The compute child: it readies an engine, then computes one job at a time for the supervisor that forked it. */
async function main(): Promise<void> {
  const engine = await startEngine({ force: process.env.RETORT_ENGINE || undefined });
  const datasets = new Datasets({ folder: process.env.RETORT_DATASETS, cache: process.env.RETORT_DATASET_CACHE });
  const { numTensors: baseline } = memory();
  let running: Checkpoints | undefined;

  process.on('message', (message: ToChild) => {
    switch (message.type) {
      case 'cancel':
        running?.stop();
        break;
      case 'hand_back':
        running?.handBack();
        break;
      case 'run': {
        const { job, share, inputs, uploads, folder, memory: bound, batch_limit: batchLimit } = message;
        const checkpoints = (running = new Checkpoints({
          folder,
          resumePath: message.checkpoint,
          seconds: message.checkpoint_seconds,
          tell,
        }));
        const signal = checkpoints.stopping;
        const given = { job, share, inputs, uploads, folder, checkpoints, memory: bound, batchLimit };
        // The rest is for datasets and JavaScript.
        limitHeap(bound / 2);
        const alive = setInterval(() => tell({ type: 'alive' }), ALIVE_MS);
        runJob({ ...given, signal, datasets, engine: engine.description, tell })
          .catch((error: unknown) => (signal.aborted ? { type: 'cancelled' as const } : describe(error, job)))
          .then((outcome) => {
            const tensors = memory().numTensors - baseline;
            tell({ type: 'rested', tensors, resident: process.memoryUsage.rss() });
            tell(outcome);
          })
          .catch(fatal)
          .finally(() => clearInterval(alive));
        break;
      }
    }
  });
  tell({ type: 'ready', engine: engine.description });
}

/** What cannot be told is for nobody: the supervisor is gone, and this process ends at the `disconnect`. */
function tell(message: FromChild): void {
  process.send!(message, () => undefined);
}

/** The typed failures have reasons of their own; anything else is a failed computation, with its message. */
function describe(error: unknown, job: JobSpec): FromChild {
  if (isOutOfMemory(error)) {
    const detail = `${(error as Error).message}; ${memoryAdvice(job)}`;
    return { type: 'failed', reason: 'out_of_memory', detail };
  }
  if (isDiskFull(error)) return { type: 'failed', reason: 'storage_unavailable', detail: scratchDiskFull };
  const reason: Reason =
    error instanceof TrainingFailure
      ? error.reason
      : error instanceof TooFewExamples
        ? 'too_few_examples'
        : error instanceof DatasetError
          ? error.reason
          : error instanceof ImportError
            ? 'import_refused'
            : error instanceof EngineError && error.problem === 'lost'
              ? 'child_exited'
              : 'computation_failed';
  if (reason === 'computation_failed') process.stderr.write(`${(error as Error)?.stack ?? String(error)}\n`);
  return { type: 'failed', reason, detail: error instanceof Error ? error.message : String(error) };
}

function fatal(error: unknown): void {
  process.stderr.write(`${(error as Error)?.stack ?? String(error)}\n`);
  process.exit(1);
}

// The supervisor is gone: nobody would take the result.
process.on('disconnect', () => process.exit(0));
if (!process.connected) process.exit(0);
// A thread, since an endless loop in this one would hear of nothing. No preloads of this process's are for it.
new Worker(new URL('./supervisor-watch.js', import.meta.url), {
  workerData: { supervisor: process.ppid } satisfies Watched,
  execArgv: [],
  env: {},
  resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
}).unref();
// The supervisor decides when this process ends; a signal to the whole group of a terminal is not for it.
process.on('SIGINT', () => undefined);

main().catch((error: unknown) => {
  if (!(error instanceof EngineError)) return fatal(error);
  process.send!({ type: 'failed', reason: 'engine_unavailable', detail: error.message } satisfies FromChild, () =>
    process.exit(1),
  );
});
