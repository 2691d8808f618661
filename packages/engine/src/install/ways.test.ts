import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { zipSync, strToU8 } from 'fflate';
import { testMachine } from '../testing/machine.js';
import { addonOf, compileAddon, findCompiler } from './compile-addon.js';
import { findLibtensorflow } from './find-libtensorflow.js';
import { unpackWheel } from './unpack-wheel.js';
import type { Site } from './way.js';
import { waysTo } from './ways.js';
import { WHEELS } from './wheels.js';

const machine = testMachine();
const siteOf = (name: Site['name']): Site => ({
  name,
  folder: join(machine.folder, 'made'),
  downloads: join(machine.folder, 'downloads'),
  tell: () => undefined,
});

/** Empty files of a libtensorflow as its archives and wheels have them. */
async function libtensorflow(folder: string, libraries: string[]): Promise<void> {
  for (const path of [
    ...libraries,
    'include/tensorflow/c/c_api.h',
    'include/tensorflow/c/eager/c_api.h',
    'include/tensorflow/core/platform/ctstring_internal.h',
  ]) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), '');
  }
}

it("tries upstream's own install, then the wheel, then the machine, unless some are asked for", () => {
  const names = (options?: Parameters<typeof waysTo>[0]) => waysTo(options).map(({ name }) => name);
  expect(names()).toEqual(['upstream', 'wheel', 'machine']);
  expect(names({ wheel: true })).toEqual(['wheel']);
  expect(names({ libtensorflow: '/somewhere' })).toEqual(['machine']);
  expect(names({ wheel: 'a.whl', libtensorflow: true })).toEqual(['wheel', 'machine']);
});

it('knows every wheel by its whole name and a sha256', () => {
  const wheels = Object.values(WHEELS).flatMap(({ tensorflow, cuda }) => [tensorflow, ...cuda]);
  expect(new Set(wheels.map(({ sha256 }) => sha256)).size).toBe(13);
  for (const { project, version, file, sha256 } of wheels) {
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(file.startsWith(`${project.replaceAll('-', '_')}-${version}-`)).toBe(true);
    expect(file).toMatch(/x86_64\.whl$/);
  }
});

it.each([
  ['an archive for C', ['lib/libtensorflow.so.2', 'lib/libtensorflow_framework.so.2']],
  ['an unpacked wheel', ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']],
])('finds libtensorflow in %s', async (_, libraries) => {
  await libtensorflow(machine.folder, libraries);
  expect(findLibtensorflow(machine.folder)).toEqual({
    libraries: libraries.map((path) => join(machine.folder, path)),
    include: join(machine.folder, 'include'),
  });
});

it('says what a folder lacks of a libtensorflow', async () => {
  expect(findLibtensorflow(machine.folder)).toBe(
    `${machine.folder} has no libtensorflow_cc.so.2 or libtensorflow.so.2 or libtensorflow.so`,
  );
  await mkdir(join(machine.folder, 'lib'));
  await writeFile(join(machine.folder, 'lib', 'libtensorflow.so.2'), '');
  expect(findLibtensorflow(machine.folder)).toContain('has no libtensorflow_framework.so.2 beside');
  await writeFile(join(machine.folder, 'lib', 'libtensorflow_framework.so.2'), '');
  expect(findLibtensorflow(machine.folder)).toContain(
    'include has no tensorflow/c/c_api.h, tensorflow/c/eager/c_api.h',
  );
});

it('says that there is no compiler, before anything is fetched, and what would be right', async () => {
  machine.hasNothingElse();
  const message =
    'there is no C++ compiler (g++, clang++, c++) to compile the addon with: ' +
    'install one, such as with `apt-get install g++`, or name yours in CXX';
  await expect(findCompiler()).rejects.toThrow(message);
  if (process.platform === 'linux' && process.arch === 'x64') {
    await expect(waysTo({ wheel: true })[0]!.take(siteOf('tfjs-node'))).rejects.toThrow(message);
  }
  vi.stubEnv('CXX', '/nowhere/c++');
  await expect(findCompiler()).rejects.toThrow('CXX names /nowhere/c++, which does not run');
});

it("compiles tfjs-node's own sources, with libraries found from the addon, and CUDA's before they are looked for", async () => {
  await machine.has('g++', `printf '%s\\n' "$@" > "${machine.folder}/arguments"`);
  const site = siteOf('tfjs-node-gpu');
  const [inside, outside] = [
    join(site.folder, 'tensorflow', 'libtensorflow_cc.so.2'),
    '/opt/tf/lib/libtensorflow.so.2',
  ];
  const cuda = join(site.folder, 'nvidia', 'cuda_runtime', 'lib', 'libcudart.so.12');
  await compileAddon(site, { libraries: [inside, outside], include: '/opt/tf/include' }, [cuda]);
  const given = (await readFile(join(machine.folder, 'arguments'), 'utf8')).trim().split('\n');
  expect(given).toEqual(expect.arrayContaining(['-std=c++17', '-shared', '-DNAPI_VERSION=8', inside, outside, cuda]));
  expect(given).toContain(join(site.folder, 'node_modules/@tensorflow/tfjs-node-gpu/binding/tfjs_backend.cc'));
  expect(given.slice(given.indexOf('-o') + 1)[0]).toBe(addonOf(site));
  const up = '$ORIGIN/../../../../..';
  expect(given.slice(-3)).toEqual([
    `-Wl,-rpath,${up}/tensorflow`,
    '-Wl,-rpath,/opt/tf/lib',
    `-Wl,-rpath,${up}/nvidia/cuda_runtime/lib`,
  ]);
  // Without --no-as-needed the linker would drop the CUDA libraries, which the addon itself does not call.
  expect(given.indexOf('-Wl,--no-as-needed')).toBeLessThan(given.indexOf(cuda));
});

it('unpacks of a wheel what is wanted, and nothing that leads out of the folder', async () => {
  const path = join(machine.folder, 'some.whl');
  const target = join(machine.folder, 'unpacked');
  await writeFile(path, zipSync({ 'a/one.so': strToU8('one'), 'a/two.py': strToU8('two') }));
  await unpackWheel(path, target, (part) => part.endsWith('.so'));
  expect(await readFile(join(target, 'a/one.so'), 'utf8')).toBe('one');
  await expect(readFile(join(target, 'a/two.py'))).rejects.toMatchObject({ code: 'ENOENT' });
  await writeFile(path, zipSync({ '../out.so': strToU8('out') }));
  await expect(unpackWheel(path, target, () => true)).rejects.toThrow('invalid relative path');
});

it('refuses a wheel that is not there', async () => {
  await machine.has('g++', 'exit 0');
  const taken = waysTo({ wheel: join(machine.folder, 'none.whl') })[0]!.take(siteOf('tfjs-node'));
  const linux = process.platform === 'linux' && process.arch === 'x64';
  await expect(taken).rejects.toThrow(linux ? /there is no .*none\.whl/ : 'its wheel is for linux x64');
});
