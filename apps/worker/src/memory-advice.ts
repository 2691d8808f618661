import type { JobSpec } from '@retort/contracts';

/** What helps a job that memory ran out in, as a clause. */
export function memoryAdvice(job: JobSpec): string {
  const more =
    'give each compute child more memory (RETORT_CHILD_MEMORY_MB, or fewer of them at once by RETORT_CONCURRENCY)';
  if (job.kind !== 'train' && job.kind !== 'distill') return `take a smaller net, or ${more}`;
  const { batch_size: size } = job.settings;
  return `a smaller batch would train another net, so that is not done by itself: set batch_size to ${Math.max(1, Math.floor(size / 2))} or less instead of ${size}, or ${more}`;
}
