import { createHash } from 'node:crypto';
import { configure } from 'safe-stable-stringify';
import { SCIENCE_REVISION, type JobSpec } from '@retort/contracts';

/**
 * The hash of everything that decides a job's result: its spec and its inputs' fingerprints, in JSON with sorted keys.
 *
 * @param inputs the fingerprint of each parent, by role
 * @returns 64 hexadecimal digits
 */
export function fingerprint(spec: JobSpec, inputs: Readonly<Record<string, string>>): string {
  return sha256(canonicalJson({ revision: SCIENCE_REVISION, spec, inputs })!);
}

/** The sha256 of a posted body, whatever the order of its fields. */
export function bodyHash(body: unknown): string {
  return sha256(canonicalJson(body) ?? '');
}

/** JSON with its keys sorted; what JSON would drop or change silently (NaN, undefined, functions) is refused. */
const canonicalJson = configure({ deterministic: true, strict: true });

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
