import { startTestServers, type TestServers } from '@retort/stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRequestCounts, type RequestCounts } from './request-counts.js';

describe('requests counted by two processes', () => {
  let servers: TestServers;
  let counts: RequestCounts[];
  beforeAll(async () => {
    servers = await startTestServers();
    counts = [1, 2].map(() => openRequestCounts(servers.redis.url, { prefix: 'test', onError: () => undefined }));
  });
  afterAll(async () => {
    for (const each of counts ?? []) each.close();
    await servers?.drop();
  });

  let asker = 0;
  /** The counts of one who has not asked yet and asks each process twice, in turn. */
  const countTwice = async () => {
    const who = `asker ${asker++}`;
    const found: number[] = [];
    for (const { count } of [...counts, ...counts]) found.push((await count(who)).requests);
    return found;
  };

  it('are counted together, each asker by itself, for a minute', async () => {
    // Once both have reached Redis.
    await expect.poll(countTwice).toEqual([1, 2, 3, 4]);
    const { endsInMs } = await counts[0]!.count(`asker ${asker}`);
    expect(endsInMs).toBeGreaterThan(0);
    expect(endsInMs).toBeLessThanOrEqual(60_000);
  });

  it('are counted by each for itself while Redis is away, and together again when it is back', async () => {
    await servers.redis.stop();
    await expect.poll(countTwice).toEqual([1, 1, 2, 2]);
    await servers.redis.start();
    await expect.poll(countTwice).toEqual([1, 2, 3, 4]);
  });
});
