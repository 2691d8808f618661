import type { MeasureJob } from '@retort/contracts';
import { inputGradient } from '@retort/lab';
import { chooseExamples } from './choose-examples.js';
import { codeVersion } from './code-version.js';
import { loadModel } from './load-model.js';
import { inputIn, provenance, tellProgress, type Computed, type ComputeTask } from './task.js';

/** Measures the input gradient of a net as it is deployed, in log space. */
export async function measureModel(task: ComputeTask<MeasureJob>): Promise<Computed> {
  const started = performance.now();
  const { job, signal } = task;
  const { test } = await task.datasets.load(job.dataset);
  const { images, labels, count } = await chooseExamples(task, job.examples, test);
  const { net, classifier } = await loadModel(inputIn(task, 'model'));
  try {
    const onProgress = (done: number) => tellProgress(task, done / count, `${done} of ${count} gradients`);
    const measured = await inputGradient({ classifier, images, labels, signal, onProgress });
    const result = {
      kind: 'measure' as const,
      input_gradient: measured,
      provenance: provenance(task, codeVersion, started),
    };
    return { result, files: [] };
  } finally {
    net.dispose();
  }
}
