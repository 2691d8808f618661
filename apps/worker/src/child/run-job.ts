import {
  ADVERSARIAL_SET,
  type AttackJob,
  type DeployJob,
  type DistillJob,
  type EvaluateJob,
  type FromChild,
  type ImportJob,
  type MeasureJob,
  type TrainJob,
} from '@retort/contracts';
import { attackModel } from './attack-model.js';
import { deployModel } from './deploy-model.js';
import { evaluateModel } from './evaluate-model.js';
import { importedModel } from './import-model.js';
import { measureModel } from './measure-model.js';
import type { Computed, ComputeTask } from './task.js';
import { distillModel, trainModel } from './train-model.js';
import { verifySet } from './verify-set.js';

/** Computes a job of any kind, or the task's share of it. */
export async function runJob(task: ComputeTask): Promise<FromChild> {
  const computed = await compute(task);
  return 'found' in computed ? { type: 'found', path: computed.found } : { type: 'succeeded', ...computed };
}

function compute(task: ComputeTask): Promise<Computed> {
  switch (task.job.kind) {
    case 'train':
      return trainModel(task as ComputeTask<TrainJob>);
    case 'distill':
      return distillModel(task as ComputeTask<DistillJob>);
    case 'deploy':
      return deployModel(task as ComputeTask<DeployJob>);
    case 'import':
      return importedModel(task as ComputeTask<ImportJob>);
    case 'measure':
      return measureModel(task as ComputeTask<MeasureJob>);
    case 'attack':
      return task.job.attack === ADVERSARIAL_SET
        ? verifySet(task as ComputeTask<AttackJob>)
        : attackModel(task as ComputeTask<AttackJob>);
    case 'evaluate':
      return evaluateModel(task as ComputeTask<EvaluateJob>);
  }
}
