import { join } from 'node:path';
import type { DatasetName } from '@retort/contracts';

/** Where the files of published datasets may lie. */
export interface Places {
  /** A person's own copies: `<folder>/<dataset>/<file>`. */
  readonly folder?: string;
  /** What `retort dataset fetch` has brought: `<cache>/<dataset>/<file>`. */
  readonly cache?: string;
}

/**
 * The folders that may hold a dataset's files, in the order in which they are searched.
 *
 * @param installed where packages put them
 */
export function foldersOf(name: DatasetName, { folder, cache }: Places, installed: readonly string[]): string[] {
  return [...[folder, cache].flatMap((place) => (place ? [join(place, name)] : [])), ...installed];
}
