import type { Job } from './answers.js';
import { badge, element, table, tableRow } from './element.js';

/** The jobs of an experiment; a job that changes is drawn again at the next frame. */
export class JobTable {
  readonly node: HTMLElement;
  readonly #jobs = new Map<string, Job>();
  readonly #rows = new Map<string, HTMLTableRowElement>();
  readonly #changed = new Set<string>();

  constructor(jobs: readonly Job[]) {
    for (const job of jobs) {
      this.#jobs.set(job.id, job);
      this.#rows.set(job.id, jobRow(job));
    }
    const headings = ['Job', 'Kind', 'Seed', 'Grid', 'Status', 'Progress', 'Reason'];
    this.node = table('Parents come before their children', headings, [...this.#rows.values()]);
  }

  /** Replaces a job by what it has become; a job that is not in the table is passed over. */
  change(id: string, become: (job: Job) => Job): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    this.#jobs.set(id, become(job));
    if (this.#changed.size === 0) requestAnimationFrame(() => this.#draw());
    this.#changed.add(id);
  }

  #draw(): void {
    for (const id of this.#changed) {
      const row = jobRow(this.#jobs.get(id)!);
      this.#rows.get(id)!.replaceWith(row);
      this.#rows.set(id, row);
    }
    this.#changed.clear();
  }
}

function jobRow(job: Job): HTMLTableRowElement {
  const { name, kind, seed, labels, status, progress, reason, detail, waiting_for, reused_from } = job;
  const grid = Object.entries(labels.grid).map(([axis, value]) => `${axis}=${JSON.stringify(value)}`);
  const bar = element('progress', { max: 1, value: progress.fraction, 'aria-label': `progress of ${name}` });
  const how = element('span', {}, bar, ` ${progress.message ?? ''}`);
  const why = [reason, reused_from ? `from ${reused_from}` : (waiting_for?.detail ?? detail)]
    .filter(Boolean)
    .join(': ');
  return tableRow([name, kind, seed, grid.join(', '), badge(status), how, why]);
}
