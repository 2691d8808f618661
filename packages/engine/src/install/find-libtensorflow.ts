import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A libtensorflow with the headers of its C API. */
export interface Libtensorflow {
  /** Paths of the shared libraries that the addon is linked to. */
  readonly libraries: readonly string[];
  /** The folder in which `tensorflow/c/c_api.h` lies. */
  readonly include: string;
}

/** Where libraries lie in a folder: an unpacked wheel or archive, or a prefix such as /usr/local. */
const LIBRARY_FOLDERS = ['', 'lib', 'lib64', `lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`];
/** A Python wheel calls the whole of TensorFlow libtensorflow_cc; the archives for C call it libtensorflow. */
const WHOLE = ['libtensorflow_cc.so.2', 'libtensorflow.so.2', 'libtensorflow.so'];
const FRAMEWORK = ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'];
/** What the sources of the addon include, as far as archives differ in it. */
const HEADERS = ['tensorflow/c/c_api.h', 'tensorflow/c/eager/c_api.h', 'tensorflow/core/platform/ctstring_internal.h'];

/**
 * Finds TensorFlow in a folder.
 *
 * @returns what is missing there, in words, where it is not complete
 */
export function findLibtensorflow(folder: string): Libtensorflow | string {
  const lib = LIBRARY_FOLDERS.map((name) => join(folder, name)).find((path) => firstOf(path, WHOLE));
  if (!lib) return `${folder} has no ${WHOLE.join(' or ')}`;
  const framework = firstOf(lib, FRAMEWORK);
  if (!framework) return `${lib} has no ${FRAMEWORK[0]} beside ${firstOf(lib, WHOLE)!}`;
  const include = join(folder, 'include');
  const missing = HEADERS.filter((header) => !existsSync(join(include, header)));
  if (missing.length > 0) return `${include} has no ${missing.join(', ')}`;
  return { libraries: [firstOf(lib, WHOLE)!, framework], include };
}

function firstOf(folder: string, names: readonly string[]): string | undefined {
  return names.map((name) => join(folder, name)).find((path) => existsSync(path));
}
