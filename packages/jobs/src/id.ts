import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';

/** Drawn in one go: an identifier takes sixteen random numbers, and each call of the system's generator as long as all of them. */
const drawn = new Uint8Array(4096);
let used = drawn.length;

function random(): number {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  return drawn[used++]! / 256;
}

const next = monotonicFactory(random);

/** A new identifier, sortable by the time it was made: `job_01J…`. */
export function newId(kind: 'exp' | 'job' | 'task' | 'att' | 'wrk' | 'mod' | 'key' | 'whe'): string {
  return `${kind}_${next()}`;
}
