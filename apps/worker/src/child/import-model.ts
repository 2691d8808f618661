import type { ImportJob } from '@retort/contracts';
import { ImportError } from '@retort/import';
import { deployAt } from '@retort/lab';
import { describeModel } from './describe-model.js';
import { importedWeights, loadImported } from './load-model.js';
import { tellProgress, uploadIn, type Computed, type ComputeTask } from './task.js';

/** Imports a net from an uploaded file, and tests it, so that it can be attacked like one that Retort trained. */
export async function importedModel(task: ComputeTask<ImportJob>): Promise<Computed> {
  const started = performance.now();
  const { format, input, training_temperature, deployment_temperature, minimum_accuracy } = task.job;
  const dataset = await task.datasets.load(task);
  const { inputShape, classes } = dataset.test;
  const path = uploadIn(task, 'model');
  const net = await loadImported(path, { format, input, input_shape: [...inputShape], classes });
  try {
    tellProgress(task, 0.1, 'testing');
    const classifier = deployAt(net, deployment_temperature);
    const described = { net, weights: importedWeights(path), classifier, dataset, started };
    const told = { kind: 'import' as const, training_temperature, deployment_temperature, train_loss: null, epochs: 0 };
    const { result, files } = await describeModel(task, described, told);
    const { count, of } = result.validation_accuracy;
    if (count < minimum_accuracy * of) {
      throw new ImportError(
        `${count} of ${of} validation images are classified rightly, fewer than the minimum_accuracy of ${minimum_accuracy}: ` +
          'does input.scale or input.offset differ from what the net was trained with, or the order of its classes?',
      );
    }
    return { result, files };
  } finally {
    net.dispose();
  }
}
