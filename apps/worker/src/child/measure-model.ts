import type { CleverParameters, LossSensitivityMetric, MeasureJob, MeasureResult } from '@retort/contracts';
import {
  clever,
  inputGradient,
  logitStatistics,
  lossSensitivity,
  type Classifier,
  type CleverCheckpoint,
} from '@retort/lab';
import { chosenBatches, type Batches } from './batches.js';
import { chooseExamples, type ChosenExamples } from './choose-examples.js';
import { codeVersion } from './code-version.js';
import { loadModel } from './load-model.js';
import { inputIn, provenance, tellProgress, type Computed, type ComputeTask } from './task.js';

/** Measures a net as it is deployed: its input gradient, its logits, its loss sensitivity or its CLEVER score. */
export async function measureModel(task: ComputeTask<MeasureJob>): Promise<Computed> {
  const started = performance.now();
  const { test } = await task.datasets.load(task);
  const examples = await chooseExamples(task, task.job.examples, test);
  const { net, classifier } = await loadModel(inputIn(task, 'model'));
  try {
    const batches = await chosenBatches(task, classifier, examples);
    const measured = await measure(task, classifier, examples, batches);
    const result: MeasureResult = {
      kind: 'measure',
      ...measured,
      provenance: provenance(task, codeVersion, started, batches),
    };
    return { result, files: [] };
  } finally {
    net.dispose();
  }
}

async function measure(
  task: ComputeTask<MeasureJob>,
  classifier: Classifier,
  examples: ChosenExamples,
  { size: batchSize }: Batches,
) {
  const { images, labels, indices, count } = examples;
  const { job, signal, checkpoints } = task;
  const onProgress = (done: number) => tellProgress(task, done / count, `${done} of ${count} examples`);
  const options = { classifier, images, labels, batchSize, signal, onProgress };
  switch (job.metric) {
    case 'input_gradient':
      return { input_gradient: await inputGradient(options) };
    case 'logits':
      return { logits: await logitStatistics(options) };
    case 'loss_sensitivity': {
      const { temperature } = job.parameters as Pick<LossSensitivityMetric, 'temperature'>;
      return { loss_sensitivity: await lossSensitivity({ ...options, temperature }) };
    }
    case 'clever':
      return {
        clever: await clever({
          ...options,
          ...(job.parameters as CleverParameters),
          indices,
          seed: job.seed,
          resume: await checkpoints.resumed<CleverCheckpoint>(),
          onCheckpoint: (take) => checkpoints.offer(take, 'between two batches of points'),
        }),
      };
  }
}
