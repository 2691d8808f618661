import { loadDataset, type Dataset } from '@retort/datasets';
import type { DatasetSpec } from '@retort/contracts';

/** The dataset of the last job, kept because the jobs of an experiment share it. */
export class Datasets {
  #last?: { key: string; dataset: Dataset };

  constructor(private readonly folder: string | undefined) {}

  async load(spec: DatasetSpec): Promise<Dataset> {
    const key = JSON.stringify(spec);
    if (this.#last?.key !== key) {
      // Let go of the old one first: two of them need not fit.
      this.#last = undefined;
      this.#last = { key, dataset: await loadDataset(spec, { folder: this.folder }) };
    }
    return this.#last.dataset;
  }
}
