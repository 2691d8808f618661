import { pointerStep, type JobResult } from '@retort/contracts';
import type { Difference } from '../read/views.js';

/** More differences than this are not listed. */
const MAX_LISTED = 100;

/**
 * The places where two results differ, down to the last bit; what only tells how they were made is left out.
 *
 * @returns at most a hundred
 */
export function compareResults(original: JobResult, again: JobResult): Difference[] {
  return differences({ ...original, provenance: null }, { ...again, provenance: null });
}

/** The places where the provenance of two results differs; how long each took is never compared. */
export function compareProvenance(original: JobResult, again: JobResult): Difference[] {
  const timeless = ({ provenance }: JobResult) => ({ ...provenance, compute_seconds: null });
  return differences(timeless(original), timeless(again));
}

function differences(original: unknown, again: unknown): Difference[] {
  const found: Difference[] = [];
  walk(original, again, '', found);
  return found;
}

function walk(original: unknown, again: unknown, pointer: string, found: Difference[]): void {
  if (original === again || found.length === MAX_LISTED) return;
  if (!isHolder(original) || !isHolder(again) || Array.isArray(original) !== Array.isArray(again)) {
    found.push({ pointer, original: original ?? null, again: again ?? null });
    return;
  }
  for (const key of new Set([...Object.keys(original), ...Object.keys(again)])) {
    walk(original[key], again[key], pointer + pointerStep(key), found);
  }
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
