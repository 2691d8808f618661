import { once } from 'node:events';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp } from './app.js';

let app: FastifyInstance;
let port: number;
beforeAll(async () => {
  app = await createApp({ log: pino({ level: 'silent' }), version: '0' } as never);
  port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterAll(() => app.close());

/** The whole answer to bytes that are sent as they are. */
async function say(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  socket.write(bytes);
  await once(socket, 'close');
  return heard;
}

it.each([
  ['BREW / HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'The method is none that HTTP knows'],
  ['GET / HTTP/1.1\r\nhost: x\r\ncontent-length: abc\r\n\r\n', 400, 'not a request of HTTP/1.1'],
  [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431, 'The path and the headers'],
  ['GET /v1/jobs/% HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 400, 'Encode a \\"%\\" in a path as %25'],
])('answers %j with a problem', async (request, status, detail) => {
  const [head, body] = (await say(request)).split('\r\n\r\n') as [string, string];
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  expect(body).toContain(detail);
  expect(JSON.parse(body)).toMatchObject({ status });
});

it('bounds how long a connection may be silent, and a request may take to come', () => {
  expect(app.server.timeout).toBeGreaterThan(0);
  expect(app.server.requestTimeout).toBeGreaterThan(0);
});
