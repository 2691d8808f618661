import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import type { S3Location } from './artifact-location.js';
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
import { Incoming } from './incoming.js';
import { s3Error } from './s3-error.js';
import { hashOf, verified } from './verified.js';

/** Bytes that one request may put; more would need an upload in parts. */
const LARGEST = 5 * 2 ** 30;
/** Milliseconds to connect, and without a byte in either direction. */
const PATIENCE = { connectionTimeout: 5_000, socketTimeout: 30_000 };
/** Objects that are removed at once. */
const REMOVALS = 16;

/** Artifacts as objects of a bucket, `<prefix><first two digits>/<sha256>`, each put in one request: all of it or nothing. */
export class S3Store implements ArtifactStore {
  readonly #client: S3Client;
  readonly #incoming: Incoming;
  readonly #announce: Announce;
  readonly #place: string;

  constructor(
    private readonly location: S3Location,
    { announce }: { announce: Announce },
  ) {
    const { bucket, prefix, endpoint, pathStyle, spoolFolder } = location;
    this.#client = new S3Client({
      ...(endpoint !== undefined && { endpoint }),
      // A server of one's own has no regions, but the signature names one.
      ...(endpoint !== undefined && !process.env.AWS_REGION && { region: 'us-east-1' }),
      forcePathStyle: pathStyle,
      requestHandler: PATIENCE,
      // The sha256 is checked at both ends already; not every server knows the checksums that Amazon adds.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    this.#incoming = new Incoming(spoolFolder);
    this.#announce = announce;
    this.#place = `s3://${bucket}/${prefix}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
  }

  async put(bytes: Uint8Array, mediaType: string = ANY_BYTES): Promise<StoredArtifact> {
    const stored = { sha256: hashOf(bytes), bytes: bytes.byteLength };
    const confirm = await this.#announce({ ...stored, mediaType });
    await this.#send(stored, bytes, mediaType);
    await confirm();
    return stored;
  }

  putStream(source: AsyncIterable<Uint8Array>): Promise<StoredArtifact> {
    return this.#incoming.receive(source, async (artifact, path) => {
      const confirm = await this.#announce({ ...artifact, mediaType: ANY_BYTES });
      await this.#send(artifact, createReadStream(path), ANY_BYTES);
      await confirm();
      return artifact;
    });
  }

  async get(sha256: string): Promise<Uint8Array> {
    const { stream } = await this.open(sha256);
    return buffer(stream).catch((error: unknown) => this.#fail(error, `reading artifact ${sha256}`));
  }

  async open(sha256: string): Promise<OpenArtifact> {
    const { body, bytes } = await this.#read(sha256);
    const damaged = () =>
      new ArtifactError('damaged', `artifact ${sha256} in ${this.#place} no longer has the bytes it was written with`);
    return { bytes, stream: verified(body, sha256, damaged) };
  }

  async copyTo(sha256: string, path: string): Promise<void> {
    const { stream } = await this.open(sha256);
    await pipeline(stream, createWriteStream(path));
  }

  readRange(sha256: string, start: number, end: number): Readable {
    return Readable.from(this.#range(sha256, start, end), { objectMode: false });
  }

  async remove(sha256s: readonly string[], signal?: AbortSignal): Promise<void> {
    for (let at = 0; at < sha256s.length; at += REMOVALS) {
      const removals = sha256s.slice(at, at + REMOVALS).map(async (sha256) => {
        const request = new DeleteObjectCommand({ Bucket: this.location.bucket, Key: this.#key(sha256) });
        await this.#client.send(request, { abortSignal: signal });
      });
      await Promise.all(removals).catch((error: unknown) => this.#fail(error, 'removing artifacts'));
    }
  }

  async list(shelf: string, { after, limit }: { after?: string; limit: number }): Promise<StoredArtifact[]> {
    const { bucket, prefix } = this.location;
    const { Contents = [] } = await this.#client
      .send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: `${prefix}${shelf}/`,
          MaxKeys: limit,
          ...(after && { StartAfter: this.#key(after) }),
        }),
      )
      .catch((error: unknown) => this.#fail(error, 'listing artifacts'));
    const objects = Contents.map(({ Key = '', Size = 0 }) => ({
      sha256: Key.slice(Key.lastIndexOf('/') + 1),
      bytes: Size,
    }));
    return objects.filter(({ sha256 }) => isSha256(sha256));
  }

  async claim(owner: string): Promise<string> {
    const place = { Bucket: this.location.bucket, Key: `${this.location.prefix}${OWNER_FILE}` };
    const known = await this.#owner(place);
    if (known !== undefined) return known;
    await this.#client
      .send(new PutObjectCommand({ ...place, Body: owner, IfNoneMatch: '*' }))
      .catch((error: unknown) => {
        // Another was there first.
        if ((error as Error).name !== 'PreconditionFailed') this.#fail(error, 'writing whose store it is');
      });
    return (await this.#owner(place)) ?? '';
  }

  sweepLeftovers(olderThanSeconds: number): Promise<number> {
    return this.#incoming.sweep(olderThanSeconds);
  }

  async check(): Promise<void> {
    await this.list('00', { limit: 1 });
    const probe = { Bucket: this.location.bucket, Key: `${this.location.prefix}probe` };
    await this.#client
      .send(new PutObjectCommand({ ...probe, Body: 'Retort can write here.' }))
      .catch((error: unknown) => this.#fail(error, 'writing an object'));
  }

  async #send({ sha256, bytes }: StoredArtifact, body: PutObjectCommandInput['Body'], type: string): Promise<void> {
    if (bytes > LARGEST) {
      const message = `artifact ${sha256} has ${bytes} bytes, more than the ${LARGEST} that one object of S3 may be put with`;
      throw new ArtifactError('unwritable', message);
    }
    const request = new PutObjectCommand({
      Bucket: this.location.bucket,
      Key: this.#key(sha256),
      Body: body,
      ContentLength: bytes,
      ContentType: type,
      // The server refuses bytes that were changed on their way.
      ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
    });
    await this.#client.send(request).catch((error: unknown) => this.#fail(error, `keeping artifact ${sha256}`));
  }

  async #read(sha256: string, range?: string): Promise<{ body: Readable; bytes: number }> {
    const request = new GetObjectCommand({ Bucket: this.location.bucket, Key: this.#key(sha256), Range: range });
    try {
      const { Body, ContentLength } = await this.#client.send(request);
      return { body: Body as Readable, bytes: ContentLength! };
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') {
        throw new ArtifactError('absent', `there is no artifact ${sha256} in ${this.#place}`, { cause: error });
      }
      return this.#fail(error, `reading artifact ${sha256}`);
    }
  }

  async *#range(sha256: string, start: number, end: number): AsyncGenerator<Uint8Array> {
    const { body } = await this.#read(sha256, `bytes=${start}-${end - 1}`);
    yield* body as AsyncIterable<Uint8Array>;
  }

  async #owner(place: { Bucket: string; Key: string }): Promise<string | undefined> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand(place));
      return await Body?.transformToString();
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      return this.#fail(error, 'reading whose store it is');
    }
  }

  #fail(error: unknown, doing: string): never {
    throw s3Error(error, this.#place, doing);
  }

  #key(sha256: string): string {
    if (!isSha256(sha256)) throw new ArtifactError('absent', `"${sha256}" is no sha256`);
    return `${this.location.prefix}${sha256.slice(0, 2)}/${sha256}`;
  }
}
