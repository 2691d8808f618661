import type { DeployJob } from '@retort/contracts';
import { deployAt } from '@retort/lab';
import { describeModel } from './describe-model.js';
import { loadModel } from './load-model.js';
import { inputIn, tellProgress, type Computed, type ComputeTask } from './task.js';

/** Deploys an existing net at another temperature, without training: same labels, other gradients. */
export async function deployModel(task: ComputeTask<DeployJob>): Promise<Computed> {
  const started = performance.now();
  const { deployment_temperature } = task.job;
  const { net, result } = await loadModel(inputIn(task, 'model'));
  try {
    tellProgress(task, 0.1, 'testing');
    const dataset = await task.datasets.load(task.job.dataset);
    const classifier = deployAt(net, deployment_temperature);
    return await describeModel(
      task,
      { net, classifier, dataset, started },
      {
        kind: 'deploy',
        training_temperature: result.training_temperature,
        deployment_temperature,
        train_loss: null,
        epochs: 0,
      },
    );
  } finally {
    net.dispose();
  }
}
