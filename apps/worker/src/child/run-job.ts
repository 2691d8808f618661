import type { AttackJob, DeployJob, DistillJob, EvaluateJob, FromChild, MeasureJob, TrainJob } from '@retort/contracts';
import { attackModel } from './attack-model.js';
import { deployModel } from './deploy-model.js';
import { evaluateModel } from './evaluate-model.js';
import { measureModel } from './measure-model.js';
import type { Computed, ComputeTask } from './task.js';
import { distillModel, trainModel } from './train-model.js';

/** Computes a job of any kind. */
export async function runJob(task: ComputeTask): Promise<FromChild> {
  return { type: 'succeeded', ...(await compute(task)) };
}

function compute(task: ComputeTask): Promise<Computed> {
  switch (task.job.kind) {
    case 'train':
      return trainModel(task as ComputeTask<TrainJob>);
    case 'distill':
      return distillModel(task as ComputeTask<DistillJob>);
    case 'deploy':
      return deployModel(task as ComputeTask<DeployJob>);
    case 'measure':
      return measureModel(task as ComputeTask<MeasureJob>);
    case 'attack':
      return attackModel(task as ComputeTask<AttackJob>);
    case 'evaluate':
      return evaluateModel(task as ComputeTask<EvaluateJob>);
  }
}
