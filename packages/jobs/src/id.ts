import { monotonicFactory } from 'ulid';

const next = monotonicFactory();

/** A new identifier, sortable by the time it was made: `job_01J…`. */
export function newId(kind: 'exp' | 'job' | 'task' | 'att' | 'wrk' | 'mod' | 'key' | 'whe'): string {
  return `${kind}_${next()}`;
}
