import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '@retort/stack/testing';
import { openDeliveryQueue, type DeliveryQueue } from './delivery.js';

let database: TestDatabase;
let queue: DeliveryQueue;
let proxy: Server;
const sockets = new Set<Socket>();

beforeEach(async () => {
  database = await testDatabase();
  const redis = new URL(database.redisUrl);
  proxy = createServer((near) => {
    const far = connect(Number(redis.port), redis.hostname);
    sockets.add(near).add(far);
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = new URL(database.redisUrl);
  url.port = String((proxy.address() as AddressInfo).port);
  queue = openDeliveryQueue(url.href, { prefix: 'test', onError: () => undefined, commandLimitMs: 2000 });
  await expect.poll(() => queue.counts(['wasm']).then(() => 'up', String)).toBe('up');
});
afterEach(async () => {
  await queue.close();
  for (const socket of sockets) socket.destroy();
  proxy.close();
  await database.drop();
});

it('holds a delivery once, however often it is sent', async () => {
  const delivery = { taskId: 'task_1', attempt: 1, engine: 'wasm' };
  expect(await queue.holds(delivery)).toBe(false);
  await queue.send([delivery, delivery]);
  await queue.send([delivery]);
  expect(await queue.holds(delivery)).toBe(true);
  expect(await queue.holds({ ...delivery, attempt: 2 })).toBe(false);
  expect(await queue.holds({ ...delivery, engine: 'cpu' })).toBe(false);
  expect(await queue.counts(['wasm', 'cpu'])).toMatchObject({ waiting: 1 });
  await queue.takeBack(delivery);
  expect(await queue.holds(delivery)).toBe(false);
});

// The dispatcher and the reconciler wait for these: were one to wait for ever, no lease would expire any more.
it('gives up on a Redis that hangs without closing its connection, and connects anew', async () => {
  for (const socket of sockets) socket.unpipe().pause();
  const delivery = { taskId: 'task_1', attempt: 1, engine: 'wasm' };
  const asked = [queue.send([delivery]), queue.holds(delivery), queue.callWorkers(['task_1']), queue.ping()];
  const reasons = (await Promise.allSettled(asked)).map((answer) => answer.status === 'rejected' && `${answer.reason}`);
  expect(reasons).toEqual(Array(4).fill(expect.stringContaining('timed out')));
  await expect.poll(() => queue.send([delivery]).then(() => 'sent', String)).toBe('sent');
});
