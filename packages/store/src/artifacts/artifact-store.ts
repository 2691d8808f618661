/** Where artifacts lie, each under the sha256 of its bytes. */
export interface ArtifactStore {
  /** Keeps bytes; writing the same bytes twice, or from two processes at once, is harmless. */
  put(bytes: Uint8Array): Promise<StoredArtifact>;
  /**
   * The bytes with this sha256, checked against it.
   *
   * @throws ArtifactError where there are none, or where they are not what was written
   */
  get(sha256: string): Promise<Uint8Array>;
}

export interface StoredArtifact {
  readonly sha256: string;
  readonly bytes: number;
}

/** An artifact that is absent or damaged. */
export class ArtifactError extends Error {
  override readonly name = 'ArtifactError';
  constructor(
    readonly code: 'absent' | 'damaged' | 'unwritable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
