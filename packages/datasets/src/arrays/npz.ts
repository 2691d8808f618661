import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { DatasetError } from '../dataset-error.js';
import { takeBytes, type ByteSource } from './byte-source.js';
import { readNpy, type NumberArray } from './npy-values.js';
import { MAX_NPY_HEADER, readNpyHeader, type NpyHeader } from './npy.js';

/** The largest array that is read, in bytes, which a buffer of every Node holds. */
const MAX_BYTES = 2 ** 31;

/** The arrays of an .npz file: a zip file with an .npy file for each. */
export class Npz {
  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /**
   * Reads the directory of the zip file.
   *
   * @throws DatasetError where there is none, as in a file that was cut off
   */
  static async open(source: ByteSource, name: string): Promise<Npz> {
    try {
      const reader = new SourceReader(source);
      const zip = await yauzl.fromRandomAccessReaderPromise(reader, source.size, { autoClose: false });
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) {
        if (entry.fileName.endsWith('.npy')) entries.set(entry.fileName.slice(0, -'.npy'.length), entry);
      }
      return new Npz(zip, entries);
    } catch (error) {
      throw unreadable(error, name);
    }
  }

  /** The names of the arrays, in the order of the file. */
  get names(): string[] {
    return [...this.entries.keys()];
  }

  /** The header of an array; its values are not read. */
  async header(name: string): Promise<NpyHeader> {
    try {
      const stream = await this.zip.openReadStreamPromise(this.entries.get(name)!);
      return readNpyHeader(await takeBytes(stream, MAX_NPY_HEADER), name);
    } catch (error) {
      throw unreadable(error, name);
    }
  }

  /**
   * The values of an array.
   *
   * @throws DatasetError where there is no such array, it is not made of numbers, or it is too large
   */
  async read(name: string): Promise<NumberArray> {
    try {
      const entry = this.entries.get(name)!;
      if (entry.uncompressedSize > MAX_BYTES) {
        throw new DatasetError(`${name} has ${entry.uncompressedSize} bytes; at most ${MAX_BYTES} can be read`);
      }
      const stream = await this.zip.openReadStreamPromise(entry);
      const bytes = await takeBytes(stream, entry.uncompressedSize);
      return readNpy(bytes, name);
    } catch (error) {
      throw unreadable(error, name);
    }
  }
}

class SourceReader extends yauzl.RandomAccessReader {
  constructor(private readonly source: ByteSource) {
    super();
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.source.read(start, end);
  }
}

/** What the zip reader says is about the file; what the system says (it has a code) is not. */
function unreadable(error: unknown, name: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const aboutBytes = code === undefined || code.startsWith('Z_');
  if (error instanceof DatasetError || !aboutBytes) return error;
  return new DatasetError(`${name} cannot be read as a zip file: ${message}`, { cause: error });
}
