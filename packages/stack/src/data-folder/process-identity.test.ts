import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { identify } from './process-identity.js';

test('a process keeps its identity while it lives, and has none after', async () => {
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)', 'a mark']);
  await once(child, 'spawn');
  const first = await identify(child.pid!);
  expect(first?.command).toContain('a mark');
  expect(await identify(child.pid!)).toEqual(first);
  expect((await identify(process.pid))?.startedAt).not.toBe(first?.startedAt);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await identify(child.pid!)).toBeUndefined();
});
