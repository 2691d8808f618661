import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDataFolder, StackRunningError } from './lock.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retort-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const PROGRAM = `
  import { lockDataFolder } from ${JSON.stringify(new URL('../../dist/data-folder/lock.js', import.meta.url).href)};
  process.send(await lockDataFolder(process.argv[1]).then(() => 'holds', (error) => error.name));
  setInterval(() => {}, 1000);
`;

async function lockElsewhere() {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, folder], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [answer] = (await once(child, 'message')) as [string];
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { answer, pid: child.pid!, kill };
}

test('a folder is held by one, and free again after its release', async () => {
  const first = await lockDataFolder(folder);
  await expect(lockDataFolder(folder)).rejects.toThrow(StackRunningError);
  await first.release();
  expect(await readdir(folder)).toEqual([]);
  await (await lockDataFolder(folder)).release();
});

test('a holder that lives is named; one that was killed is not in the way', async () => {
  const other = await lockElsewhere();
  expect(other.answer).toBe('holds');
  await expect(lockDataFolder(folder)).rejects.toMatchObject({
    name: 'StackRunningError',
    pid: other.pid,
    dataDir: folder,
  });
  await other.kill();
  await (await lockDataFolder(folder)).release();
});

test('a pid that another process has got since is no holder', async () => {
  await mkdir(join(folder, 'lock'));
  await writeFile(join(folder, 'lock', `${process.pid}@an-earlier-start`), '');
  await mkdir(join(folder, `lock.${process.pid}@an-earlier-start.aB3dE6`));
  await lockDataFolder(folder);
  expect(await readdir(folder)).toEqual(['lock']);
});

test('of several starts on the lock of a dead holder exactly one wins', async () => {
  await mkdir(join(folder, 'lock'));
  await writeFile(join(folder, 'lock', '4194305@long-ago'), '');
  const starts = await Promise.all(Array.from({ length: 5 }, lockElsewhere));
  await Promise.all(starts.map(({ kill }) => kill()));
  expect(starts.map(({ answer }) => answer).sort()).toEqual([...Array<string>(4).fill('StackRunningError'), 'holds']);
});
