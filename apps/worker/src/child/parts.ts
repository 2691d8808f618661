import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { ComputeShare, Provenance } from '@retort/contracts';
import { codeVersion } from './code-version.js';
import type { Computed, ComputeTask } from './task.js';

/** What was found of some of a job's examples: plain data, and what made it. */
export interface Part<Finding> {
  readonly finding: Finding;
  readonly provenance: Provenance;
}

/** From one example up to another. */
export type Range = readonly [from: number, to: number];

/** The examples of a part; no part has two more than another. */
export function rangeOf(count: number, { shard, shards }: { shard: number; shards: number }): Range {
  return [Math.floor((count * shard) / shards), Math.floor((count * (shard + 1)) / shards)];
}

/** Writes what a part has found for the task that merges all parts. */
export async function writePart({ folder }: ComputeTask, part: Part<unknown>): Promise<Computed> {
  const path = join(folder, 'part');
  await writeFile(path, serialize(part));
  return { found: path };
}

/**
 * What each part has found, in their order; undefined where it cannot be had, or another version of Retort found it:
 * without it the merge comes to the same, and only takes longer.
 */
export async function readParts<Finding>({
  outcomes,
}: Extract<ComputeShare, { role: 'merge' }>): Promise<(Part<Finding> | undefined)[]> {
  return Promise.all(outcomes.map(async (path) => (path === null ? undefined : readPart<Finding>(path))));
}

async function readPart<Finding>(path: string): Promise<Part<Finding> | undefined> {
  const part = deserialize(await readFile(path)) as Part<Finding>;
  if (part.provenance.code_version === codeVersion) return part;
  process.stderr.write(`a part of version ${part.provenance.code_version} is computed anew: this is ${codeVersion}\n`);
  return undefined;
}

/** What made a result whose parts may have been found by several workers. */
export function provenanceOver(made: readonly [Provenance, ...Provenance[]]): Provenance {
  const sizes = made.flatMap(({ batch_size }) => batch_size ?? []);
  const engines = new Set(made.map(({ engine }) => `${engine.name} on ${engine.device}`));
  return {
    ...made[0],
    compute_seconds: made.reduce((sum, { compute_seconds }) => sum + compute_seconds, 0),
    ...(sizes.length > 0 && { batch_size: Math.min(...sizes) }),
    fallbacks: [
      ...new Set(made.flatMap(({ fallbacks }) => fallbacks)),
      ...(engines.size > 1 ? [`its parts were computed by several engines: ${[...engines].join(', ')}`] : []),
    ],
  };
}
