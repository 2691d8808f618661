import { describe, expect, it } from 'vitest';
import { findSoftwareAdapter } from '../packages/engine/src/testing/software-adapter.js';
import { finishedJobs, submit, tinyNet, tinySpec, type JobSeen } from './support/experiments.js';
import { startRetort } from './support/retort.js';

const adapter = findSoftwareAdapter();
const why = typeof adapter === 'string' ? ` (skipped: ${adapter})` : '';

const examples = { count: 3 };
const spec = tinySpec({
  dataset: { name: 'mnist', train: 128, validation: 16, test: 50 },
  models: { net: { ...tinyNet, batch_size: 32, minimum_accuracy: 0.15 } },
  attacks: {
    fgsm: { attack: 'fgsm', parameters: { epsilon: 0.3 }, examples },
    pgd: { attack: 'pgd', parameters: { epsilon: 0.3, steps: 3 }, examples },
    'cw-l2': { attack: 'cw-l2', parameters: { steps: 5, binary_search_steps: 2 }, examples },
    jsma: { attack: 'jsma', parameters: { maximum_features: 6 }, examples },
  },
});

/** What a worker with these variables makes of the spec. */
async function jobsOn(environment: Record<string, string>): Promise<JobSeen[]> {
  const retort = await startRetort();
  try {
    await retort.startWorker(environment);
    return await finishedJobs(retort, await submit(retort, spec));
  } finally {
    await retort.stop();
  }
}

interface Numbers {
  train_loss?: number;
  metrics?: { success: { count: number } };
  provenance: { engine: { name: string; device: string } };
}

describe.skipIf(typeof adapter === 'string')(`a worker on WebGPU${why}`, () => {
  it('trains and attacks as one on wasm does', async () => {
    if (typeof adapter === 'string') return;
    const jobs = await jobsOn({ ...adapter, RETORT_ENGINE: 'webgpu' });
    expect(jobs.map(({ name, status, detail }) => [name, status, detail])).toEqual(
      jobs.map(({ name }) => [name, 'succeeded', null]),
    );
    const known = await jobsOn({ RETORT_ENGINE: 'wasm' });
    expect(jobs.map(({ name }) => name).sort()).toEqual(known.map(({ name }) => name).sort());
    for (const { name, result } of jobs) {
      const { train_loss, metrics, provenance } = result as unknown as Numbers;
      const reference = known.find((job) => job.name === name)!.result as unknown as Numbers;
      expect([provenance.engine.name, reference.provenance.engine.name]).toEqual(['webgpu', 'wasm']);
      expect(provenance.engine.device).toContain('a software adapter');
      if (train_loss !== undefined) expect(train_loss / reference.train_loss!).toBeCloseTo(1, 3);
      // Rounding may carry one image over the boundary.
      if (metrics) {
        expect(Math.abs(metrics.success.count - reference.metrics!.success.count), name).toBeLessThanOrEqual(1);
      }
    }
  });
});
