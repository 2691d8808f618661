import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installEngine, WayClosed, waysTo, type Way } from '@retort/engine';
import { expect, it } from 'vitest';
import { testMachine } from '../testing/machine.js';
import { engineFolderName } from './engines-folder.js';

// The built package is tested: engines are tried in processes of their own, which run what was built.
const machine = testMachine();
const engines = () => readdir(join(machine.folder, 'engines'));
const HERE = fileURLToPath(new URL('.', import.meta.url));
const whole = engineFolderName('tfjs-node');

/** npm that brings a tfjs-node which computes as the plain JavaScript backend does. */
const npm = `
mkdir -p node_modules/@tensorflow/tfjs-node
ln -s ../../tfjs node_modules/@tensorflow/tfjs
cat > node_modules/@tensorflow/tfjs-node/index.js <<'END'
const tf = require('@tensorflow/tfjs');
require('./addon.js');
tf.copyRegisteredKernels('cpu', 'tensorflow');
tf.registerBackend('tensorflow', () => {
  const backend = tf.findBackendFactory('cpu')();
  return Object.assign(backend, { isUsingGpuDevice: false, binding: { TF_Version: '0.0.0' } });
});
END`;

/** A way that gives an addon; one that throws does not load. */
function way(name: Way['name'], addon = '', taken: string[] = []): Way {
  return {
    name,
    title: `the way ${name}`,
    async take({ folder }) {
      taken.push(name);
      await writeFile(join(folder, 'node_modules', '@tensorflow', 'tfjs-node', 'addon.js'), addon);
      return `made by ${name}`;
    },
  };
}

const closed: Way = {
  name: 'upstream',
  title: 'the closed way',
  take: () => Promise.reject(new WayClosed('there is no bridge')),
};

const install = (ways: Way[], again = false, told: string[] = []) =>
  installEngine('tfjs-node', ways, { again, tell: (line) => told.push(line) });

it('takes the first way that is open and gives an engine that works, and says so', async () => {
  await machine.has('npm', npm);
  const told: string[] = [];
  const taken: string[] = [];
  const broken = way('wheel', 'throw new Error("no such symbol")', taken);
  const engine = await install([closed, broken, way('machine', '', taken), way('upstream', '', taken)], false, told);
  const folder = join(machine.folder, 'engines', whole);
  expect(engine).toEqual({ way: 'machine', libtensorflow: 'made by machine', folder, before: false });
  expect(taken).toEqual(['wheel', 'machine']);
  expect(told).toContain('not open: there is no bridge');
  expect(told.join('\n')).toMatch(/not open: what it made is of no use here: .*does not load \(no such symbol\)/);
  expect(await engines()).toEqual([whole]);
});

it('leaves an engine that works, and replaces it where another way is asked for', async () => {
  await machine.has('npm', npm);
  const taken: string[] = [];
  await install([way('upstream', '', taken)]);
  expect(await install([way('upstream', '', taken)], true)).toMatchObject({ before: true, way: 'upstream' });
  expect(await install([way('wheel', '', taken)], true)).toMatchObject({ before: false, way: 'wheel' });
  expect(taken).toEqual(['upstream', 'wheel']);
  expect(await engines()).toEqual([whole]);
});

it('makes an engine anew that has become useless', async () => {
  await machine.has('npm', npm);
  const { folder } = await install([way('upstream')]);
  await writeFile(join(folder, 'node_modules', '@tensorflow', 'tfjs-node', 'addon.js'), 'throw new Error("gone")');
  const told: string[] = [];
  expect(await install([way('upstream')], false, told)).toMatchObject({ before: false });
  expect(told[0]).toMatch(/is there but of no use \(.*gone.*\): it is made anew$/);
});

it('says of every way what is missing, and leaves nothing', async () => {
  await machine.has('npm', npm);
  const message =
    /^tfjs-node could not be installed\.\n- the closed way: there is no bridge\n- the way wheel: what it made/;
  await expect(install([closed, way('wheel', 'throw 1')])).rejects.toThrow(message);
  expect(await engines()).toEqual([]);
});

it('says that npm fails', async () => {
  await machine.has('npm', 'echo "npm error code ENOTFOUND" >&2; exit 1');
  await expect(install([way('upstream')])).rejects.toThrow(
    'npm cannot get the packages of the engine: `npm ci --ignore-scripts --no-audit` failed with code 1: npm error code ENOTFOUND',
  );
  expect(await engines()).toEqual([]);
});

it('lets one of two runs wait for the other, and find its engine', async () => {
  await machine.has('npm', npm);
  const taken: string[] = [];
  const told: string[] = [];
  const both = await Promise.all([
    install([way('upstream', '', taken)], false, told),
    install([way('upstream', '', taken)], false, told),
  ]);
  expect(both.map(({ before }) => before).sort()).toEqual([false, true]);
  expect(taken).toEqual(['upstream']);
  expect(told.filter((line) => line.endsWith('waiting for it'))).toHaveLength(1);
});

it('removes what a run that was killed has left', async () => {
  await machine.has('npm', npm);
  const left = join(machine.folder, 'engines', '.making-killed', 'wheel', whole);
  await mkdir(left, { recursive: true });
  await mkdir(join(machine.folder, 'engines', `.removed-${whole}`));
  expect(await install([way('upstream')])).toMatchObject({ before: false });
  expect(await engines()).toEqual([whole]);
});

it('is killed at any moment without harm to the next run', async () => {
  const reached = join(machine.folder, 'reached');
  await machine.has('npm', `echo $$ > '${reached}.new'; mv '${reached}.new' '${reached}'; exec sleep 60`);
  const script = `import { installEngine, waysTo } from '@retort/engine';
    await installEngine('tfjs-node', waysTo(), { again: false, tell: () => undefined });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: HERE,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await expect.poll(() => existsSync(reached)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'close');
  process.kill(Number(await readFile(reached, 'utf8')));
  expect(await engines()).toEqual([expect.stringMatching(/^\.making-/), 'installing.lock']);

  // As if half a minute had gone by, in which a living run would have touched its lock.
  await utimes(join(machine.folder, 'engines', 'installing.lock'), 0, 0);
  await machine.has('npm', npm);
  expect(await install([way('upstream')])).toMatchObject({ before: false });
  expect(await engines()).toEqual([whole]);
});

it('refuses a GPU build where there is no GPU, before anything is fetched', async () => {
  await machine.has('nvidia-smi', 'echo "no devices were found"; exit 6');
  const refused = installEngine('tfjs-node-gpu', waysTo(), { again: false, tell: () => undefined });
  await expect(refused).rejects.toThrow('tfjs-node-gpu needs an NVIDIA GPU, and `nvidia-smi -L` shows none here');
  expect(existsSync(join(machine.folder, 'engines'))).toBe(false);
});
