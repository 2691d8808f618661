import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { Libtensorflow } from './find-libtensorflow.js';
import { answers, runProgram } from './run-program.js';
import { WayClosed, type Site } from './way.js';

/** The version of Node-API that tfjs-node asks for where Node has it, as every Node from 12.22 on does. */
const NAPI = 8;
const SOURCES = ['tfjs_backend.cc', 'tfjs_binding.cc'];
const COMPILERS = ['g++', 'clang++', 'c++'];

/** Where tfjs-node looks for its addon. */
export function addonOf({ folder, name }: Site): string {
  return join(packageOf({ folder, name }), 'lib', `napi-v${NAPI}`, 'tfjs_binding.node');
}

export function packageOf({ folder, name }: Pick<Site, 'folder' | 'name'>): string {
  return join(folder, 'node_modules', '@tensorflow', name);
}

/** @throws WayClosed where there is none, saying what would be right */
export async function findCompiler(): Promise<string> {
  const { CXX } = process.env;
  for (const compiler of CXX ? [CXX] : COMPILERS) if (await answers(compiler, ['--version'])) return compiler;
  if (CXX) throw new WayClosed(`CXX names ${CXX}, which does not run: let it name a C++ compiler, or unset it`);
  throw new WayClosed(
    `there is no C++ compiler (${COMPILERS.join(', ')}) to compile the addon with: ` +
      'install one, such as with `apt-get install g++`, or name yours in CXX',
  );
}

/**
 * Compiles tfjs-node's own C++, as its package has it, against a libtensorflow. The headers of Node-API come with the
 * engine's packages: neither node-gyp nor Node's own headers are needed.
 *
 * @param preloaded further shared libraries that are to be in the process before TensorFlow looks for them by name
 * @throws WayClosed where there is no compiler, or it does not compile
 */
export async function compileAddon(
  site: Site,
  { libraries, include }: Libtensorflow,
  preloaded: readonly string[] = [],
): Promise<void> {
  const compiler = await findCompiler();
  const [addon, source] = [addonOf(site), join(packageOf(site), 'binding')];
  await mkdir(dirname(addon), { recursive: true });
  site.tell(`compiling the addon with ${compiler}`);
  // Libraries within the engine are found from the addon wherever the engine goes; others where they lie.
  const inside = (path: string) =>
    !isAbsolute(relative(site.folder, path)) && !relative(site.folder, path).startsWith('..');
  const rpath = (path: string) => (inside(path) ? `$ORIGIN/${relative(dirname(addon), path)}` : path);
  const linked = [...libraries, ...preloaded];
  const folders = [...new Set(linked.map((library) => dirname(library)))];
  await runProgram(compiler, [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NAPI}`],
    ...['-I', join(site.folder, 'node_modules', 'node-api-headers', 'include'), '-I', include],
    ...SOURCES.map((file) => join(source, file)),
    ...['-o', addon, '-Wl,--no-as-needed', ...linked],
    ...folders.map((folder) => `-Wl,-rpath,${rpath(folder)}`),
  ]);
}
