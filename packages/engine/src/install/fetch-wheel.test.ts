import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testMachine } from '../testing/machine.js';
import { downloadCommand, fetchWheel, verifyWheel } from './fetch-wheel.js';
import type { Wheel } from './wheels.js';

const machine = testMachine();
const file = 'some_thing-1.2-cp311-cp311-manylinux_2_27_x86_64.whl';
const wheel: Wheel = { project: 'some-thing', version: '1.2', file, sha256: hashOf('the wheel') };
const fetch = (told: string[] = []) => fetchWheel(wheel, join(machine.folder, 'downloads'), (line) => told.push(line));
const downloads = () => readdir(join(machine.folder, 'downloads'));

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** pip that writes a text as the wheel; its last argument but for the project is the folder. */
const pip = (text: string) => `
case "$*" in *--version*) exit 0;; esac
echo "$@" >> "${machine.folder}/calls"
while [ "$1" != --dest ]; do shift; done
printf '%s' '${text}' > "$2/${file}"`;

it('asks pip for the one file, whatever Python there is, and has it once it is verified', async () => {
  await machine.has('python3', pip('the wheel'));
  expect(await readFile(await fetch(), 'utf8')).toBe('the wheel');
  expect(await downloads()).toEqual([file]);
  const call = await readFile(join(machine.folder, 'calls'), 'utf8');
  const asked = '--python-version 311 --platform manylinux_2_27_x86_64 some-thing==1.2';
  expect(call).toContain(
    `-m pip download --no-deps --only-binary=:all: --abi cp311 --implementation cp ${asked} --dest`,
  );
  expect(downloadCommand(wheel)).toContain(asked);
});

it('does not fetch twice what an earlier run has brought', async () => {
  await machine.has('python3', pip('the wheel'));
  await fetch();
  const told: string[] = [];
  await fetch(told);
  expect(told).toEqual([`${file} is here from an earlier run`]);
  expect((await readFile(join(machine.folder, 'calls'), 'utf8')).trim().split('\n')).toHaveLength(1);
});

it('fetches anew what lies there broken, and removes what a killed run had begun', async () => {
  await mkdir(join(machine.folder, 'downloads', '.fetching-abc'), { recursive: true });
  await writeFile(join(machine.folder, 'downloads', '.fetching-abc', file), 'the wh');
  await writeFile(join(machine.folder, 'downloads', file), 'the wh');
  await machine.has('python3', pip('the wheel'));
  expect(await readFile(await fetch(), 'utf8')).toBe('the wheel');
  expect(await downloads()).toEqual([file]);
});

it('refuses a wheel of another hash, and leaves nothing of it', async () => {
  await machine.has('python3', pip('another wheel'));
  await expect(fetch()).rejects.toThrow(`its sha256 is ${hashOf('another wheel')} instead of ${wheel.sha256}`);
  expect(await downloads()).toEqual([]);
});

it('says what pip says where it fails', async () => {
  await machine.has(
    'python3',
    'case "$*" in *--version*) exit 0;; esac; echo "ERROR: No matching distribution found" >&2; exit 1',
  );
  await expect(fetch()).rejects.toThrow(
    /^`python3 -m pip download` failed with code 1: ERROR: No matching distribution/,
  );
  expect(await downloads()).toEqual([]);
});

it('says that there is no Python', async () => {
  machine.hasNothingElse();
  await expect(fetch()).rejects.toMatchObject({
    name: 'WayClosed',
    message: 'there is no Python with pip (`python3 -m pip`, `python -m pip`)',
  });
});

it('refuses a given file that is not the wheel', async () => {
  const path = join(machine.folder, 'given.whl');
  await writeFile(path, 'another wheel');
  await expect(verifyWheel(wheel, path)).rejects.toThrow(`${path} is not ${file}: its sha256 is`);
  await writeFile(path, 'the wheel');
  await expect(verifyWheel(wheel, path)).resolves.toBeUndefined();
});
