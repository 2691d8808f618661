import type { Announce, ArtifactStore } from './artifact-store.js';
import { FolderStore } from './folder-store.js';

/** Where artifacts lie. */
export interface ArtifactLocation {
  readonly folder: string;
}

/** Opens the store at a place; whether it works there is what its `check` tells. */
export function openArtifactStore({ folder }: ArtifactLocation, options: { announce: Announce }): ArtifactStore {
  return new FolderStore(folder, options);
}
