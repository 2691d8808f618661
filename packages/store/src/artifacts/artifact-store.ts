import type { Readable } from 'node:stream';

/** Where artifacts lie, each under the sha256 of its bytes. */
export interface ArtifactStore {
  /** Keeps bytes; writing the same bytes twice, or from two processes at once, is harmless. */
  put(bytes: Uint8Array): Promise<StoredArtifact>;
  /**
   * Keeps bytes as they arrive, without holding them all; where the source fails, nothing stays behind.
   *
   * @throws ArtifactError where they cannot be written; an error of the source passes through
   */
  putStream(source: AsyncIterable<Uint8Array>): Promise<StoredArtifact>;
  /**
   * The bytes with this sha256, checked against it.
   *
   * @throws ArtifactError where there are none, or where they are not what was written
   */
  get(sha256: string): Promise<Uint8Array>;
  /**
   * Copies the bytes with this sha256 to a new file, checked against it, without holding them all.
   *
   * @throws ArtifactError as `get` does; what lies at the path then is to be thrown away
   */
  copyTo(sha256: string, path: string): Promise<void>;
  /** The bytes from `start` up to, not including, `end`, as they lie there: a part cannot be checked against the hash. */
  readRange(sha256: string, start: number, end: number): Readable;
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
