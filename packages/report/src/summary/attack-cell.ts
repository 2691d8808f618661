import type { ReportJob } from '../report-input.js';
import { approachOf, transferFrom } from './approach.js';
import type { AttackCell } from './summary.js';

/**
 * One attack on one net, before it is compared; null where the job is no attack.
 *
 * @param trainingTemperature of the attacked net; null where unknown
 */
export function attackCell(job: ReportJob, trainingTemperature: number | null): AttackCell | null {
  if (job.spec.kind !== 'attack') return null;
  const { attack, parameters } = job.spec;
  const { source } = job.labels;
  const result = job.result?.kind === 'attack' ? job.result : null;
  const metrics = result?.metrics;
  return {
    name: job.labels.attack ?? job.name,
    attack,
    parameters,
    ...(source === undefined ? approachOf({ attack, parameters }, trainingTemperature) : transferFrom(source)),
    job_id: job.id,
    status: job.status,
    source: source ?? null,
    success: metrics?.success ?? null,
    source_success: metrics?.source_success ?? null,
    ratio: null,
    mean_pixels_changed: metrics?.pixels_changed.mean ?? null,
    mean_l2: metrics?.l2.mean ?? null,
    mean_linf: metrics?.linf.mean ?? null,
    no_gradient: metrics?.no_gradient ?? null,
    members: metrics?.members ?? [],
    verification: result?.verification ?? null,
    class_histogram: metrics?.class_histogram ?? [],
  };
}
