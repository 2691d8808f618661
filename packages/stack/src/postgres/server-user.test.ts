import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { chooseServerUser } from './server-user.js';

const isRoot = process.getuid?.() === 0;
const self = { uid: process.getuid!(), gid: process.getgid!() };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retort-user-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test('PostgreSQL never runs with the number of root, and reads and writes what is its own', async () => {
  const user = await chooseServerUser(folder);
  await mkdir(join(folder, 'home'));
  await user.own(join(folder, 'home'));
  const { command, args, ...ids } = user.as('sh', ['-c', `id -u; echo kept > ${join(folder, 'home', 'file')}`]);
  const { stdout } = await promisify(execFile)(command, args, { ...ids, cwd: '/' });
  expect(Number(stdout)).toBeGreaterThan(0);
  expect((await stat(join(folder, 'home', 'file'))).size).toBe(5);
});

test('where there are no user namespaces, root gives the folder to nobody; another user stays himself', async () => {
  vi.stubEnv('PATH', folder); // which holds no unshare
  const user = await chooseServerUser(folder);
  await mkdir(join(folder, 'home', 'inner'), { recursive: true });
  await writeFile(join(folder, 'home', 'inner', 'file'), '');
  await user.own(join(folder, 'home'));
  const { uid } = await stat(join(folder, 'home', 'inner', 'file'));
  const { uid: serverUid = self.uid } = user.as('postgres', []);
  expect(uid).toBe(serverUid);
  expect(serverUid).not.toBe(0);
  expect(serverUid === self.uid).toBe(!isRoot);
});

test('root runs it as the owner of the folder', async () => {
  const owner = isRoot ? { uid: 4242, gid: 4243 } : self;
  await chown(folder, owner.uid, owner.gid);
  const { command, uid = self.uid, gid = self.gid } = (await chooseServerUser(folder)).as('postgres', []);
  expect({ command, uid, gid }).toEqual({ command: 'postgres', ...owner });
});
