import { NewWebhookEndpoint, check } from '@retort/contracts';
import { createApiKey } from '@retort/jobs';
import { openTestDatabase } from '@retort/stack/testing';
import pino from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { addressPolicy } from './addresses.js';
import { claimDeliveries, listDeliveries, redeliver, sendTest } from './deliveries.js';
import { startSender, type Sender } from './sender.js';
import { changeEndpoint, createEndpoint, deleteEndpoint, readEndpoint, rotateSecret } from './endpoints.js';
import { makeEvents } from './testing/events.js';
import { openReceiver, type Received, type Receiver } from './testing/receiver.js';

const addresses = addressPolicy(['127.0.0.1/32']);
const HOUR = 3_600_000;

const { db } = await openTestDatabase();

describe('webhooks', () => {
  let ahead = 0;
  const clock = { now: () => new Date(Date.now() + ahead) };
  const clocked = () => ({ db, now: clock.now() });
  const running: Sender[] = [];
  const open: Receiver[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((sender) => sender.close()));
    await Promise.all(open.splice(0).map((receiver) => receiver.close()));
    await db.webhookEndpoint.deleteMany();
    ahead = 0;
  });

  const receiver = async (...how: Parameters<typeof openReceiver>) => {
    const opened = await openReceiver(...how);
    open.push(opened);
    return opened;
  };
  const start = (also: Partial<Parameters<typeof startSender>[1]> = {}) => {
    const options = { log: pino({ level: 'silent' }), version: '1', addresses, intervalMs: 20, ...also };
    const sender = startSender({ db, clock }, options);
    running.push(sender);
    return sender;
  };
  const endpointAt = async (url: string, also: Partial<NewWebhookEndpoint> = {}) => {
    const checked = check(NewWebhookEndpoint, { url, ...also });
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
    const creation = await createEndpoint(clocked(), checked.value as NewWebhookEndpoint, addresses);
    if (creation.outcome === 'invalid') throw new Error(JSON.stringify(creation.problems));
    return { id: creation.issued.endpoint.id, secret: creation.issued.secret };
  };
  const typesOf = (received: readonly Received[]) =>
    received.map(({ body }) => (JSON.parse(body) as { type: string }).type).sort();
  const deliveriesOf = async (id: string) => (await listDeliveries(clocked(), id, { limit: 100 })).data;

  it('tell of an event once, signed so that the independent library takes it', async () => {
    const { url, received } = await receiver();
    const { id, secret } = await endpointAt(url);
    const experimentId = await makeEvents(db, clock.now());
    // Two processes, each of which would send everything.
    start();
    start();
    await expect
      .poll(async () => (await deliveriesOf(id)).map(({ status }) => status))
      .toEqual(['delivered', 'delivered']);
    expect(typesOf(received)).toEqual(['experiment.finished', 'job.cancelled']);
    for (const { headers, body } of received) {
      const told = new Webhook(secret).verify(body, headers as Record<string, string>);
      expect(told).toMatchObject({
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        data: { experiment_id: experimentId, links: { experiment: `/v1/experiments/${experimentId}` } },
      });
      expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow();
      expect(headers['user-agent']).toBe('Retort/1');
    }
    const job = received.find(({ body }) => body.includes('job.cancelled'))!;
    expect(JSON.parse(job.body)).toMatchObject({ data: { data: { name: 'a', reason: 'cancelled_by_request' } } });
  });

  it('record nothing where there is no endpoint, where it is disabled, and where its filter leaves it out', async () => {
    const experimentId = await makeEvents(db, clock.now());
    expect(await db.webhookDelivery.count()).toBe(0);
    const asked = {
      name: 'k',
      scopes: ['submit' as const],
      max_running: null,
      requests_per_minute: null,
      expires_at: null,
    };
    const { key } = await createApiKey(clocked(), asked);
    const url = 'http://127.0.0.1:9/';
    const ofKey = await endpointAt(url, { api_key_id: key.id });
    const ofExperiment = await endpointAt(url, { experiment_id: experimentId });
    const ofType = await endpointAt(url, { event_types: ['job.queued'] });
    const disabled = await endpointAt(url);
    await changeEndpoint(clocked(), disabled.id, { enabled: false }, addresses);
    await makeEvents(db, clock.now(), key.id);
    await makeEvents(db, clock.now());
    const counts = await Promise.all(
      [ofKey, ofExperiment, ofType, disabled].map(async ({ id }) =>
        (await deliveriesOf(id)).map(({ type }) => type).sort(),
      ),
    );
    expect(counts).toEqual([['experiment.finished', 'job.cancelled'], [], ['job.queued', 'job.queued'], []]);
  });

  it('are recorded with the event or not at all', async () => {
    const { id } = await endpointAt('http://127.0.0.1:9/', { event_types: ['job.queued'] });
    const failed = db.$transaction(async (tx) => {
      const { id: experimentId } = await tx.experiment.findFirstOrThrow();
      const data = { name: 'x' };
      await tx.event.create({ data: { experimentId, seq: 1_000_000, type: 'job.queued', data } });
      expect(await tx.webhookDelivery.count({ where: { endpointId: id } })).toBe(1);
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    expect(await deliveriesOf(id)).toEqual([]);
  });

  it('are sent again after a failure, under the same id, when the schedule says', async () => {
    const { url, received } = await receiver((response, _message, count) =>
      response.writeHead(count < 3 ? 500 : 204).end(),
    );
    const { id } = await endpointAt(url, { event_types: ['experiment.finished'] });
    await makeEvents(db, clock.now());
    const sender = start();
    const attempts = async () => (await deliveriesOf(id))[0]!;
    await expect.poll(async () => (await attempts()).error).toBe('answered 500');
    const wait = Date.parse((await attempts()).next_attempt_at!) - Date.parse((await attempts()).last_attempt_at!);
    expect(wait).toBeGreaterThanOrEqual(5000);
    expect(wait).toBeLessThan(8000);
    expect((await readEndpoint(clocked(), id))!.failing_since).not.toBeNull();
    for (const seconds of [8, 400]) {
      ahead += seconds * 1000;
      sender.wake();
      const count = received.length;
      await expect.poll(() => received.length).toBe(count + 1);
      await expect.poll(async () => (await attempts()).attempts).toBe(count + 1);
    }
    await expect.poll(async () => (await attempts()).status).toBe('delivered');
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect((await readEndpoint(clocked(), id))!.failing_since).toBeNull();
  });

  it('end when their tries are spent, and are put on their way again by who asks for it', async () => {
    let status = 500;
    const { url, received } = await receiver((response) => response.writeHead(status).end());
    const { id } = await endpointAt(url, { event_types: ['experiment.finished'] });
    await makeEvents(db, clock.now());
    await db.webhookDelivery.updateMany({ where: { endpointId: id }, data: { attempts: 9 } });
    start();
    const delivery = async () => (await deliveriesOf(id))[0]!;
    await expect.poll(async () => (await delivery()).status).toBe('failed');
    expect(await delivery()).toMatchObject({ attempts: 10, response_status: 500, next_attempt_at: null });
    status = 200;
    await redeliver(clocked(), id, (await delivery()).id);
    await expect.poll(async () => (await delivery()).status).toBe('delivered');
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await redeliver(clocked(), id, 'msg_none')).toBeUndefined();
  });

  it('are not sent to who answered 410, and others hear of it', async () => {
    const gone = await receiver((response) => response.writeHead(410).end());
    const told = await receiver();
    const { id } = await endpointAt(gone.url);
    await endpointAt(told.url, { event_types: ['webhook_endpoint.disabled'] });
    await sendTest(clocked(), id);
    start();
    await expect.poll(() => typesOf(told.received)).toEqual(['webhook_endpoint.disabled']);
    expect(JSON.parse(told.received[0]!.body)).toMatchObject({
      data: { endpoint_id: id, reason: 'it answered 410 Gone', links: { endpoint: `/v1/webhook-endpoints/${id}` } },
    });
    expect(await readEndpoint(clocked(), id)).toMatchObject({
      enabled: false,
      disabled_reason: 'it answered 410 Gone',
    });
    await makeEvents(db, clock.now());
    expect(await deliveriesOf(id)).toHaveLength(1);
  });

  it('disable an endpoint that nothing has reached for days, and keep what waits until it is enabled again', async () => {
    const { url, received } = await receiver((response, _message, count) =>
      response.writeHead(count < 3 ? 500 : 200).end(),
    );
    const { id } = await endpointAt(url, { event_types: ['experiment.finished'] });
    start();
    await makeEvents(db, clock.now());
    await expect.poll(async () => (await readEndpoint(clocked(), id))!.failing_since).not.toBeNull();
    ahead += 6 * 24 * HOUR;
    await expect
      .poll(async () => (await readEndpoint(clocked(), id))!)
      .toMatchObject({
        enabled: false,
        disabled_reason: 'no message has reached it for 5 days',
      });
    await changeEndpoint(clocked(), id, { enabled: true }, addresses);
    ahead += HOUR;
    await expect.poll(async () => (await deliveriesOf(id))[0]!.status).toBe('delivered');
    expect(received).toHaveLength(3);
  });

  it('are signed with both secrets while a rotation lasts', async () => {
    const { url, received } = await receiver();
    const { id, secret } = await endpointAt(url);
    const rotated = (await rotateSecret(clocked(), id, { graceSeconds: 3600 }))!;
    start();
    const verifies = (key: string, { headers, body }: Received) => {
      try {
        new Webhook(key).verify(body, headers as Record<string, string>);
        return true;
      } catch {
        return false;
      }
    };
    const send = async (count: number) => {
      await sendTest(clocked(), id);
      await expect.poll(() => received.length).toBe(count);
      return [secret, rotated.secret].map((key) => verifies(key, received.at(-1)!));
    };
    expect(await send(1)).toEqual([true, true]);
    expect(received[0]!.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    await db.webhookEndpoint.update({ where: { id }, data: { previousUntil: new Date(0) } });
    expect(await send(2)).toEqual([false, true]);
  });

  it('to a slow receiver hold no other, and are a few at once', async () => {
    const waiting: (() => void)[] = [];
    const slow = await receiver((response) => void waiting.push(() => response.end()));
    const quick = await receiver();
    const { id } = await endpointAt(slow.url);
    const other = await endpointAt(quick.url);
    for (let count = 0; count < 10; count++) {
      await sendTest(clocked(), id);
      await sendTest(clocked(), other.id);
    }
    start();
    await expect.poll(() => quick.received.length).toBe(10);
    await expect.poll(() => slow.received.length).toBeGreaterThanOrEqual(4);
    expect(slow.received).toHaveLength(4);
    const release = setInterval(() => waiting.splice(0).forEach((end) => end()), 5);
    await expect.poll(async () => (await deliveriesOf(id)).every(({ status }) => status === 'delivered')).toBe(true);
    clearInterval(release);
    expect(new Set(slow.received.map(({ headers }) => headers['webhook-id'])).size).toBe(10);
  });

  it('that a process took and died with are due again after the lease, for one of the others', async () => {
    const { id } = await endpointAt('http://127.0.0.1:9/');
    for (let count = 0; count < 20; count++) await sendTest(clocked(), id);
    const lease = { limit: 7, leaseMs: 30_000 };
    const claims = await Promise.all([1, 2, 3].map(() => claimDeliveries(clocked(), id, lease)));
    const ids = claims.flat().map((claimed) => claimed.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await claimDeliveries(clocked(), id, { ...lease, limit: 100 })).toHaveLength(20 - ids.length);
    expect(await claimDeliveries(clocked(), id, lease)).toEqual([]);
    ahead += 31_000;
    expect(await claimDeliveries(clocked(), id, { ...lease, limit: 100 })).toHaveLength(20);
  });

  it('are given back by a process that ends, without spending a try', async () => {
    const { url, received } = await receiver(() => undefined);
    const { id } = await endpointAt(url);
    await sendTest(clocked(), id);
    const sender = start();
    await expect.poll(() => received.length).toBe(1);
    await sender.close();
    expect((await deliveriesOf(id))[0]).toMatchObject({ status: 'pending', attempts: 0 });
  });

  it('go with their endpoint', async () => {
    const { id } = await endpointAt('http://127.0.0.1:9/');
    await sendTest(clocked(), id);
    expect(await deleteEndpoint(clocked(), id)).toBe(true);
    expect(await deleteEndpoint(clocked(), id)).toBe(false);
    expect(await db.webhookDelivery.count()).toBe(0);
  });
});
