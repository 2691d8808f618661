import type { DeployJob } from '@retort/contracts';
import { describeModel } from './describe-model.js';
import { deployed, loadModel } from './load-model.js';
import { inputIn, tellProgress, type Computed, type ComputeTask } from './task.js';

/** Deploys an existing net at another temperature, which changes its gradients only, or with noise at its input; without training. */
export async function deployModel(task: ComputeTask<DeployJob>): Promise<Computed> {
  const started = performance.now();
  const { deployment_temperature, input_noise, seed } = task.job;
  const { net, weights, result } = await loadModel(inputIn(task, 'model'));
  try {
    tellProgress(task, 0.1, 'testing');
    const dataset = await task.datasets.load(task);
    const classifier = deployed(net, { deployment_temperature, input_noise }, seed);
    return await describeModel(
      task,
      { net, weights, classifier, dataset, started },
      {
        kind: 'deploy',
        training_temperature: result.training_temperature,
        deployment_temperature,
        input_noise,
        train_loss: null,
        epochs: 0,
      },
    );
  } finally {
    net.dispose();
  }
}
