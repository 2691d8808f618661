import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { submit, tinySpec } from '../support/experiments.js';
import { startRetort, type TestRetort } from '../support/retort.js';

let retort: TestRetort;
beforeAll(async () => {
  // What a process took is another's after twice the time that the receiver may take.
  retort = await startRetort({
    environment: { RETORT_WEBHOOK_ALLOW: '127.0.0.1/32', RETORT_WEBHOOK_TIMEOUT_SECONDS: '2' },
  });
});
afterAll(() => retort?.stop());

it('a message that an API process was killed with is sent again by another, under the same id', async () => {
  const received: { id: string; body: string; headers: Record<string, string> }[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      received.push({ id: headers['webhook-id']!, body, headers });
      // The first attempt is never answered.
      if (received.length > 1) response.end();
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;

  const asked = { url: `http://127.0.0.1:${port}/`, event_types: ['experiment.created'] };
  const made = await retort.post<{ endpoint: { id: string }; secret: string }>('/v1/webhook-endpoints', asked);
  const { endpoint, secret } = made.body;
  await submit(retort, tinySpec());
  await expect.poll(() => received.length, { interval: 10 }).toBe(1);
  retort.process.kill('SIGKILL');
  await once(retort.process, 'exit');

  const other = await retort.startApi();
  await expect.poll(() => received.length).toBe(2);
  expect([received[1]!.id, received[1]!.body]).toEqual([received[0]!.id, received[0]!.body]);
  for (const { body, headers } of received) new Webhook(secret).verify(body, headers);
  const deliveries = async () => {
    const path = `/v1/webhook-endpoints/${endpoint.id}/deliveries`;
    return (await other.get<{ data: { status: string; attempts: number }[] }>(path)).data;
  };
  await expect.poll(deliveries).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  expect(received).toHaveLength(2);
  receiver.closeAllConnections();
  receiver.close();
});
