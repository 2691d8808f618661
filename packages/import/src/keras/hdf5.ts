import { Dataset, File, Group, ready } from 'h5wasm';
import { ImportError } from '../import-error.js';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** An array of numbers in an HDF5 file. */
export interface Hdf5Array {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** An open HDF5 file. */
export interface Hdf5 {
  /** The names in a group, or undefined where there is no such group. */
  names(group: string): readonly string[] | undefined;
  /** An attribute of a group: text, or a list of texts; undefined where there is none. */
  attribute(group: string, name: string): unknown;
  /** The array at a path. */
  array(path: string): Hdf5Array;
}

let opened = 0;

/**
 * Reads an HDF5 file that lies in memory.
 *
 * @param what names the file in errors
 * @param read is given the open file; it is closed once this returns
 * @throws ImportError when the bytes are no HDF5 file, or an array that is asked for is none of numbers
 */
export async function readHdf5<T>(bytes: Uint8Array, what: string, read: (file: Hdf5) => T): Promise<T> {
  if (!SIGNATURE.every((byte, at) => bytes[at] === byte)) {
    throw new ImportError(`${what} is no HDF5 file: its first bytes are not those of one`);
  }
  const library = await ready;
  // Else HDF5 prints its errors, and goes on.
  library.activate_throwing_error_handler();
  const { FS } = library;
  const path = `/import-${++opened}.h5`;
  FS.writeFile(path, bytes);
  try {
    const file = new File(path, 'r');
    try {
      return read(viewOf(file, what));
    } finally {
      file.close();
    }
  } catch (cause) {
    if (cause instanceof ImportError) throw cause;
    throw new ImportError(`${what} is a damaged HDF5 file`, { cause });
  } finally {
    FS.unlink(path);
  }
}

function viewOf(file: File, what: string): Hdf5 {
  const groupAt = (path: string): Group | undefined => {
    const found = path === '/' ? file : file.get(path);
    return found instanceof Group ? found : undefined;
  };
  return {
    names: (group) => groupAt(group)?.keys(),
    attribute: (group, name) => {
      const attributes = groupAt(group)?.attrs ?? {};
      return Object.hasOwn(attributes, name) ? attributes[name]!.value : undefined;
    },
    array: (path) => {
      const found = file.get(path);
      if (!(found instanceof Dataset)) throw new ImportError(`${what} has no array at ${path}`);
      const { value, shape, dtype } = found;
      if (!(value instanceof Float32Array || value instanceof Float64Array) || !shape) {
        throw new ImportError(
          `${path} in ${what} holds ${JSON.stringify(dtype)}, not numbers in single or double precision`,
        );
      }
      return { shape, values: Float32Array.from(value) };
    },
  };
}
