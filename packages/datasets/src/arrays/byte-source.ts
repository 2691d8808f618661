import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/** Bytes that need not be in memory: a file, or an object of a store. */
export interface ByteSource {
  /** The number of bytes. */
  readonly size: number;
  /** The bytes from `start` up to, not including, `end`. */
  read(start: number, end: number): Readable;
}

/** The bytes of a file. */
export async function fileSource(path: string): Promise<ByteSource> {
  const { size } = await stat(path);
  return { size, read: (start, end) => createReadStream(path, { start, end: end - 1 }) };
}

/** The first bytes of a source, at most `count`. */
export async function readStart(source: ByteSource, count: number): Promise<Uint8Array> {
  return source.size === 0 ? new Uint8Array() : takeBytes(source.read(0, Math.min(source.size, count)), count);
}

/** The first bytes of a stream, at most `count`; the rest is not read. */
export async function takeBytes(stream: Readable, count: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length >= count) break;
  }
  return Buffer.concat(chunks, Math.min(length, count));
}
