import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { addressPolicy } from './addresses.js';
import { postMessage, type Resolve } from './post-message.js';
import { openReceiver, type Receiver } from './testing/receiver.js';

const message = { headers: { 'webhook-id': 'msg_1' }, body: '{"type":"ping"}' };
const other = addressPolicy(['127.0.0.2/32']);
const nothing = addressPolicy([]);

describe('a message', () => {
  const open: Receiver[] = [];
  afterEach(() => Promise.all(open.splice(0).map((receiver) => receiver.close())));
  const receiver = async (...how: Parameters<typeof openReceiver>) => {
    const opened = await openReceiver(...how);
    open.push(opened);
    return opened;
  };
  const post = (url: string, addresses = other, also: { resolve?: Resolve; timeoutMs?: number } = {}) =>
    postMessage(new URL(url), message, { addresses, timeoutMs: 60_000, ...also });

  it('is posted as it is, and its status is told', async () => {
    const { url, received } = await receiver((response) => response.writeHead(503).end('later'), '127.0.0.2');
    expect(await post(url)).toBe(503);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      path: '/hook',
      body: message.body,
      headers: { 'webhook-id': 'msg_1', 'content-type': 'application/json' },
    });
  });

  it.each(['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '127.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost'])(
    'reaches nobody at %s',
    async (host) => {
      const { port, connections } = await receiver();
      await expect(post(`http://${host}:${port}/`, nothing)).rejects.toThrow(/is not permitted/);
      await expect(post(`https://${host}:${port}/`, nothing)).rejects.toThrow(/is not permitted/);
      expect(connections()).toBe(0);
    },
  );

  it('goes without TLS to the permitted networks only, not to public addresses', async () => {
    const to =
      (addresses: string[]): Resolve =>
      (_name, answer) =>
        answer(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        );
    const attempt = post('http://hook.test/', other, { resolve: to(['8.8.8.8']) });
    await expect(attempt).rejects.toThrow('hook.test (8.8.8.8) is not permitted: without TLS');
  });

  it('does not follow a name that answers otherwise the next time', async () => {
    const [permitted, forbidden] = [await receiver(undefined, '127.0.0.2'), await receiver()];
    let asked = 0;
    // The name of an attacker's own server: the permitted address for whoever checks, then the one that is meant.
    const rebinding: Resolve = (_name, answer) =>
      answer(null, [{ address: asked++ === 0 ? '127.0.0.2' : '127.0.0.1', family: 4 }]);
    expect(await post(`http://rebind.test:${permitted.port}/`, other, { resolve: rebinding })).toBe(200);
    const again = post(`http://rebind.test:${forbidden.port}/`, other, { resolve: rebinding });
    await expect(again).rejects.toThrow('rebind.test (127.0.0.1) is not permitted');
    // One question a message: whoever is judged is whoever is connected to.
    expect(asked).toBe(2);
    expect(forbidden.connections()).toBe(0);
  });

  it('goes to the permitted ones of several addresses only', async () => {
    const [permitted, forbidden] = [await receiver(undefined, '127.0.0.2'), await receiver()];
    const both: Resolve = (_name, answer) =>
      answer(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '127.0.0.2', family: 4 },
      ]);
    expect(await post(`http://both.test:${permitted.port}/`, other, { resolve: both })).toBe(200);
    expect(forbidden.connections()).toBe(0);
  });

  it('follows no redirect', async () => {
    const forbidden = await receiver();
    const { url } = await receiver(
      (response) => response.writeHead(307, { location: forbidden.url }).end(),
      '127.0.0.2',
    );
    expect(await post(url)).toBe(307);
    expect(forbidden.connections()).toBe(0);
  });

  it('is given up where the receiver does not answer, or does not end its answer', async () => {
    const silent = await receiver(() => undefined, '127.0.0.2');
    await expect(post(silent.url, other, { timeoutMs: 200 })).rejects.toThrow('no whole answer within 0.2 s');
    const dripping = await receiver((response) => response.writeHead(200).write('a'), '127.0.0.2');
    await expect(post(dripping.url, other, { timeoutMs: 200 })).rejects.toThrow('no whole answer within 0.2 s');
  });

  it('reads no more of an answer than some', async () => {
    let sent = 0;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n');
        const more = () => {
          while (!socket.destroyed && sent < 1e9) {
            sent += 65_536;
            if (!socket.write(Buffer.alloc(65_536))) return void socket.once('drain', more);
          }
        };
        more();
      });
    }).listen(0, '127.0.0.2');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await post(`http://127.0.0.2:${port}/`)).toBe(200);
    expect(sent).toBeLessThan(50e6);
    server.close();
  });

  it('says why it could not be sent', async () => {
    const gone = await receiver(undefined, '127.0.0.2');
    await gone.close();
    await expect(post(gone.url)).rejects.toThrow(/ECONNREFUSED/);
    const plain = await receiver(undefined, '127.0.0.2');
    await expect(post(plain.url.replace('http:', 'https:'))).rejects.toThrow(/SSL|EPROTO|wrong version/i);
  });
});
