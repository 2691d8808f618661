import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  ANY_BYTES,
  ArtifactError,
  isSha256,
  OWNER_FILE,
  type Announce,
  type ArtifactStore,
  type OpenArtifact,
  type StoredArtifact,
} from './artifact-store.js';
import { cannotWrite, flushFolder, ifAbsent, Incoming } from './incoming.js';
import { hashOf, verified } from './verified.js';

/** Files that are removed at once. */
const REMOVALS = 16;

/** Artifacts as files of one folder, `<first two digits>/<sha256>`. */
export class FolderStore implements ArtifactStore {
  readonly #incoming: Incoming;
  readonly #announce: Announce;

  constructor(
    readonly folder: string,
    { announce }: { announce: Announce },
  ) {
    this.#incoming = new Incoming(join(folder, 'incoming'));
    this.#announce = announce;
  }

  async put(bytes: Uint8Array, mediaType: string = ANY_BYTES): Promise<StoredArtifact> {
    const stored = { sha256: hashOf(bytes), bytes: bytes.byteLength };
    const confirm = await this.#announce({ ...stored, mediaType });
    // Looked at after it was announced: from then on nothing collects it.
    const present = await readFile(this.#path(stored.sha256)).catch(ifNone);
    if (!present || hashOf(present) !== stored.sha256) {
      await this.#incoming.receive([bytes], (artifact, path) => this.#moveIn(artifact, path));
    }
    await confirm();
    return stored;
  }

  putStream(source: AsyncIterable<Uint8Array>): Promise<StoredArtifact> {
    return this.#incoming.receive(source, async (artifact, path) => {
      const confirm = await this.#announce({ ...artifact, mediaType: ANY_BYTES });
      // Over a file that may be there: it has the same bytes, or is mended.
      await this.#moveIn(artifact, path);
      await confirm();
      return artifact;
    });
  }

  async get(sha256: string): Promise<Uint8Array> {
    const bytes = await readFile(this.#path(sha256)).catch((error: unknown) => this.#cannotRead(sha256, error));
    if (hashOf(bytes) !== sha256) throw this.#damaged(sha256);
    return bytes;
  }

  async open(sha256: string): Promise<OpenArtifact> {
    const file = await open(this.#path(sha256)).catch((error: unknown) => this.#cannotRead(sha256, error));
    const { size } = await file.stat();
    return { bytes: size, stream: verified(file.createReadStream(), sha256, () => this.#damaged(sha256)) };
  }

  async copyTo(sha256: string, path: string): Promise<void> {
    const { stream } = await this.open(sha256);
    await pipeline(stream, createWriteStream(path));
  }

  readRange(sha256: string, start: number, end: number): Readable {
    return createReadStream(this.#path(sha256), { start, end: end - 1 });
  }

  async remove(sha256s: readonly string[], signal?: AbortSignal): Promise<void> {
    for (let at = 0; at < sha256s.length; at += REMOVALS) {
      signal?.throwIfAborted();
      const removals = sha256s.slice(at, at + REMOVALS).map((sha256) => unlink(this.#path(sha256)).catch(ifAbsent));
      await Promise.all(removals);
    }
  }

  async list(shelf: string, { after = '', limit }: { after?: string; limit: number }): Promise<StoredArtifact[]> {
    const names = (await readdir(join(this.folder, shelf)).catch(ifAbsent)) ?? [];
    const wanted = names.filter((name) => isSha256(name) && name > after).sort();
    const found = await Promise.all(
      wanted.slice(0, limit).map(async (sha256) => {
        const file = await stat(this.#path(sha256)).catch(ifAbsent);
        return file ? [{ sha256, bytes: file.size }] : [];
      }),
    );
    return found.flat();
  }

  async claim(owner: string): Promise<string> {
    const path = join(this.folder, OWNER_FILE);
    try {
      // Empty where a process died while it wrote it.
      const known = await readFile(path, 'utf8').catch(ifAbsent);
      if (known) return known;
      await mkdir(this.folder, { recursive: true });
      await writeFile(path, owner, { flag: known === undefined ? 'wx' : 'w', flush: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(this.folder, error);
    }
    return readFile(path, 'utf8');
  }

  sweepLeftovers(olderThanSeconds: number): Promise<number> {
    return this.#incoming.sweep(olderThanSeconds);
  }

  async check(): Promise<void> {
    await this.#incoming.receive([Uint8Array.of(0)], () => Promise.resolve());
  }

  /** Puts a whole file in its place, in one step, and makes that last. */
  async #moveIn({ sha256 }: StoredArtifact, from: string): Promise<void> {
    const path = this.#path(sha256);
    const shelf = dirname(path);
    try {
      const made = await mkdir(shelf, { recursive: true });
      await rename(from, path);
      await flushFolder(shelf);
      if (made !== undefined) await flushFolder(this.folder);
    } catch (cause) {
      throw cannotWrite(this.folder, cause);
    }
  }

  #cannotRead(sha256: string, cause: unknown): never {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new ArtifactError('absent', `there is no artifact ${sha256} in ${this.folder}`);
    }
    const message = `artifact ${sha256} in ${this.folder} cannot be read: ${(cause as Error).message}`;
    throw new ArtifactError('unreachable', message, { cause });
  }

  #damaged(sha256: string): ArtifactError {
    const message = `artifact ${sha256} in ${this.folder} no longer has the bytes it was written with`;
    return new ArtifactError('damaged', message);
  }

  #path(sha256: string): string {
    if (!isSha256(sha256)) throw new ArtifactError('absent', `"${sha256}" is no sha256`);
    return join(this.folder, sha256.slice(0, 2), sha256);
  }
}

/** What cannot be read is written anew; what is wrong with the folder shows then. */
function ifNone(): undefined {
  return undefined;
}
