import type { Readable } from 'node:stream';

/** Where artifacts lie, each under the sha256 of its bytes. */
export interface ArtifactStore {
  /**
   * Keeps bytes; writing the same bytes twice, or from two processes at once, is harmless. They are announced first.
   *
   * @param mediaType what they are announced as
   * @throws ArtifactError where they cannot be written; nothing half-written stays behind then
   */
  put(bytes: Uint8Array, mediaType?: string): Promise<StoredArtifact>;
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
   * The bytes with this sha256 as a stream that gives its last chunk only once all of them are checked, and fails
   * instead where they are not what was written: a reader never takes damaged bytes for whole.
   *
   * @throws ArtifactError where there are none
   */
  open(sha256: string): Promise<OpenArtifact>;
  /**
   * Copies the bytes with this sha256 to a new file, checked against it, without holding them all.
   *
   * @throws ArtifactError as `get` does; what lies at the path then is to be thrown away
   */
  copyTo(sha256: string, path: string): Promise<void>;
  /** The bytes from `start` up to, not including, `end`, as they lie there: a part cannot be checked against the hash. */
  readRange(sha256: string, start: number, end: number): Readable;
  /**
   * Removes bytes for good; that some are not there is no error.
   *
   * @param signal after it has aborted, nothing more is removed
   */
  remove(sha256s: readonly string[], signal?: AbortSignal): Promise<void>;
  /**
   * The artifacts of one shelf that lie there, in the order of their hashes.
   *
   * @param shelf the first two digits of their hashes
   * @param after begins behind this hash
   * @param limit of them, 1 to 1000
   */
  list(shelf: string, range: { after?: string; limit: number }): Promise<StoredArtifact[]>;
  /**
   * Makes the store the one of this database, unless it is another's already.
   *
   * @returns whose it is
   */
  claim(owner: string): Promise<string>;
  /**
   * Removes what killed writers have left half-written.
   *
   * @param olderThanSeconds how long nothing has been written to it
   * @returns how many files
   */
  sweepLeftovers(olderThanSeconds: number): Promise<number>;
  /**
   * Makes sure that artifacts can be read and written here.
   *
   * @throws ArtifactError that says what is wrong and what would be right
   */
  check(): Promise<void>;
}

export interface StoredArtifact {
  readonly sha256: string;
  readonly bytes: number;
}

export interface OpenArtifact {
  readonly bytes: number;
  readonly stream: Readable;
}

/**
 * Is told of bytes that are about to be kept, so that they are known before they are there; where it fails, they are not kept.
 *
 * @returns is called once they are there
 */
export type Announce = (artifact: StoredArtifact & { readonly mediaType: string }) => Promise<() => Promise<void>>;

/** The media type of bytes of which nothing else is known. */
export const ANY_BYTES = 'application/octet-stream';

/** The file, or object, that says whose store this is. */
export const OWNER_FILE = 'owner';

/** An artifact that is absent or damaged, or a store that does not take or give any. */
export class ArtifactError extends Error {
  override readonly name = 'ArtifactError';
  constructor(
    readonly code: 'absent' | 'damaged' | 'full' | 'unwritable' | 'unreachable' | 'refused',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether it may pass by itself: the store is away, or full. */
  get passes(): boolean {
    return this.code === 'full' || this.code === 'unreachable';
  }

  /** Whether the store is at fault, so that the same may succeed once that is mended, and not this one artifact. */
  get ofStore(): boolean {
    return this.code !== 'absent' && this.code !== 'damaged';
  }
}

/** Whether a text can name an artifact. */
export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
