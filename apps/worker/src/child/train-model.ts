import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DistillJob, MetricPoint, TrainJob } from '@retort/contracts';
import {
  createNet,
  deployAt,
  encodeWeights,
  extendedLabels,
  loadNet,
  softLabels,
  train,
  type Checkpoint,
  type EpochReport,
  type StepReport,
} from '@retort/lab';
import type { Dataset } from '@retort/datasets';
import { describeModel } from './describe-model.js';
import { loadModel, netWeights } from './load-model.js';
import { inputIn, tellProgress, type Computed, type ComputeTask } from './task.js';

/** Trains a net on the true labels. */
export async function trainModel(task: ComputeTask<TrainJob>): Promise<Computed> {
  return fit(task, await task.datasets.load(task));
}

/** Trains a net on a teacher's probabilities at T (Papernot et al. 2015), on its doubt or, as the control, on the true labels. */
export async function distillModel(task: ComputeTask<DistillJob>): Promise<Computed> {
  const { job } = task;
  const dataset = await task.datasets.load(task);
  if (job.targets === 'true-labels') return fit(task, dataset);
  tellProgress(task, 0, 'asking the teacher');
  return fit(
    task,
    dataset,
    await (job.targets === 'extended' ? doubtOfTeacher(task, dataset) : softened(task, dataset)),
  );
}

/** The probabilities of the teacher's own logits: soft labels are made at the temperature of training, not of deployment. */
async function softened(task: ComputeTask<DistillJob>, { train: data }: Dataset): Promise<Float32Array> {
  const { net: teacher } = await loadModel(inputIn(task, 'teacher'));
  try {
    return await softLabels({ teacher, data, temperature: task.job.settings.temperature, signal: task.signal });
  } finally {
    teacher.dispose();
  }
}

/** The labels that tell of the teacher's doubt; a teacher with dropout is one that Retort trained. */
async function doubtOfTeacher(task: ComputeTask<DistillJob>, { train: data }: Dataset): Promise<Float32Array> {
  const { seed, extended } = task.job;
  const teacher = loadNet(await readFile(inputIn(task, 'teacher').files.weights!));
  try {
    return await extendedLabels({ teacher, data, ...extended!, seed, signal: task.signal });
  } finally {
    teacher.dispose();
  }
}

/** Steps between two points of a curve. */
const STEPS_A_POINT = 10;

async function fit(
  task: ComputeTask<TrainJob | DistillJob>,
  dataset: Dataset,
  targets?: Float32Array,
): Promise<Computed> {
  const { job, signal } = task;
  const { settings, architecture, initialisation, seed } = job;
  const started = performance.now();
  const { inputShape, classes: known } = dataset.train;
  const { temperature } = settings;
  const rejects = job.kind === 'distill' && job.targets === 'extended';
  const classes = rejects ? known + 1 : known;
  const net = createNet({ architecture, inputShape, classes, rejects, initialisation, temperature, seed });
  try {
    const { train: data, validation } = dataset;
    const { onStep, onEpoch } = follow(task, settings.epochs);
    const outcome = await train({
      net,
      data,
      targets,
      validation,
      settings,
      seed,
      signal,
      onStep,
      onEpoch,
      resume: await task.checkpoints.resumed<Checkpoint>(),
      checkpoint: (checkpoint) =>
        task.checkpoints.keep(checkpoint, `after epoch ${checkpoint.epoch} of ${settings.epochs}`),
    });
    tellProgress(task, 0.97, 'testing');
    const weights = netWeights(join(task.folder, 'weights.safetensors'));
    await writeFile(weights.path, await encodeWeights(net));
    const described = { net, weights, classifier: deployAt(net, job.deployment_temperature), dataset, started };
    return await describeModel(task, described, {
      kind: job.kind,
      training_temperature: temperature,
      deployment_temperature: job.deployment_temperature,
      ...(job.kind === 'distill' && { targets: job.targets }),
      train_loss: outcome.epochs.at(-1)?.train_loss ?? null,
      epochs: outcome.epochs.length,
    });
  } finally {
    net.dispose();
  }
}

/** Turns the reports of a training into progress, points of curves and epochs. */
function follow(task: ComputeTask, epochs: number) {
  const points: MetricPoint[] = [];
  return {
    onStep: ({ epoch, step, steps, loss, learning_rate }: StepReport): void => {
      const at = (epoch - 1) * steps + step;
      if (step % STEPS_A_POINT !== 0 && step !== steps) return;
      points.push({ name: 'train_loss', step: at, epoch, value: loss });
      points.push({ name: 'learning_rate', step: at, epoch, value: learning_rate });
      task.tell({ type: 'metrics', points: points.splice(0) });
      tellProgress(task, (0.95 * at) / (epochs * steps), `epoch ${epoch} of ${epochs}, step ${step} of ${steps}`);
    },
    onEpoch: (report: EpochReport): void => {
      const { epoch, seconds: _, ...values } = report;
      const curves = Object.entries(values).filter(([name]) => name !== 'learning_rate');
      task.tell({
        type: 'metrics',
        points: curves.map(([name, value]) => ({ name: `epoch_${name}`, step: epoch, epoch, value })),
      });
      task.tell({ type: 'epoch', epoch: { ...report } });
    },
  };
}
