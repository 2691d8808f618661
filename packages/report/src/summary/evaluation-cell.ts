import type { ReportJob } from '../report-input.js';
import type { EvaluationCell } from './summary.js';

/** One evaluation of one net; null where the job is no evaluation. */
export function evaluationCell(job: ReportJob): EvaluationCell | null {
  if (job.spec.kind !== 'evaluate') return null;
  const found = job.result?.kind === 'evaluate' ? job.result : null;
  return {
    name: job.labels.evaluation ?? job.name,
    threat: job.spec.threat,
    job_id: job.id,
    status: job.status,
    verdict: found?.verdict ?? null,
    masking: found?.masking ?? null,
    randomised: found?.randomised ?? null,
    robust_accuracy: found?.robust_accuracy ?? null,
    naive_robust_accuracy: found?.naive_robust_accuracy ?? null,
    failed_checks: found?.checks.filter(({ status }) => status === 'failed').map(({ title }) => title) ?? [],
    reasons: found?.reasons ?? [],
    next: found?.next ?? [],
  };
}
