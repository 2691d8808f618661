import { startTestServers, type TestServers } from '@retort/stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRequestCounts, type RequestCounts } from './request-counts.js';

describe('requests counted by two processes', { timeout: 60_000 }, () => {
  let servers: TestServers;
  let counts: RequestCounts[];
  beforeAll(async () => {
    servers = await startTestServers();
    counts = [1, 2].map(() => openRequestCounts(servers.redis.url, { prefix: 'test', onError: () => undefined }));
  }, 120_000);
  afterAll(async () => {
    for (const each of counts ?? []) each.close();
    await servers?.drop();
  }, 60_000);

  const countOnce = async (who: string) => {
    const found: number[] = [];
    for (const { count } of counts) found.push((await count(who)).requests);
    return found;
  };
  let asker = 0;
  /** Waits until both count over Redis, and whoever has not asked yet begins with one. */
  const together = () => expect.poll(() => countOnce(`asker ${asker++}`)).toEqual([1, 2]);

  it('are counted together, each asker by itself, for a minute', async () => {
    await together();
    expect(await countOnce('key_a')).toEqual([1, 2]);
    expect(await countOnce('key_a')).toEqual([3, 4]);
    expect(await countOnce('key_b')).toEqual([1, 2]);
    const { endsInMs } = await counts[0]!.count('key_b');
    expect(endsInMs).toBeGreaterThan(0);
    expect(endsInMs).toBeLessThanOrEqual(60_000);
  });

  it('are counted by each for itself while Redis is away, and together again when it is back', async () => {
    await together();
    await servers.redis.stop();
    await expect.poll(() => countOnce(`asker ${asker++}`)).toEqual([1, 1]);
    expect(await countOnce('key_c')).toEqual([1, 1]);
    expect(await countOnce('key_c')).toEqual([2, 2]);
    await servers.redis.start();
    await together();
  });
});
