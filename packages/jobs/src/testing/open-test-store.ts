import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderStore, type Database } from '@retort/store';
import { afterAll } from 'vitest';
import { registerArtifact } from '../artifacts.js';

/** Makes an artifact store for a test file, which awaits it at its top level; its folder is removed after all of its tests. */
export async function openTestStore(db: Database): Promise<FolderStore> {
  const folder = await mkdtemp(join(tmpdir(), 'retort-artifacts-'));
  afterAll(() => rm(folder, { recursive: true }));
  return new FolderStore(folder, { announce: (artifact) => registerArtifact(db, artifact) });
}
