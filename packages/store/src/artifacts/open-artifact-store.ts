import type { ArtifactLocation } from './artifact-location.js';
import type { Announce, ArtifactStore } from './artifact-store.js';
import { FolderStore } from './folder-store.js';

/** Opens the store at a place; whether it works there is what its `check` tells. */
export async function openArtifactStore(
  location: ArtifactLocation,
  options: { announce: Announce },
): Promise<ArtifactStore> {
  if ('folder' in location) return new FolderStore(location.folder, options);
  // Amazon's library is loaded only where it is used.
  const { S3Store } = await import('./s3-store.js');
  return new S3Store(location, options);
}
