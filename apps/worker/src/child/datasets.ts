import { loadDataset, type Dataset } from '@retort/datasets';
import type { ComputeTask } from './task.js';

/** The dataset of the last job, kept because the jobs of an experiment share it. */
export class Datasets {
  #last?: { key: string; dataset: Dataset };

  /** @param places where the files of published datasets are looked for */
  constructor(private readonly places: { folder?: string; cache?: string }) {}

  async load({ job: { dataset: spec }, uploads }: Pick<ComputeTask, 'job' | 'uploads'>): Promise<Dataset> {
    // Of a person's own dataset the spec has the hashes, so that its files may lie elsewhere each time.
    const key = JSON.stringify(spec);
    if (this.#last?.key !== key) {
      // Let go of the old one first: two of them need not fit.
      this.#last = undefined;
      this.#last = { key, dataset: await loadDataset(spec, { ...this.places, uploads }) };
    }
    return this.#last.dataset;
  }
}
