import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '@retort/stack/testing';
import { anyApiKey, authenticate, createApiKey, revokeApiKey, rotateApiKey } from './api-keys.js';
import { listApiKeys, readApiKey } from './read/api-keys.js';
import { submitExperiment } from './submit.js';
import { familySpec } from './testing/fixtures.js';

const asked = {
  name: 'sweeps',
  scopes: ['read', 'submit'] as ('read' | 'submit')[],
  max_running: 2,
  requests_per_minute: null,
  expires_at: null,
};
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);

const { db } = await openTestDatabase();

describe('API keys', () => {
  it('are known by their secret, of which the database has only a hash', async () => {
    expect(await anyApiKey(db)).toBe(false);
    const { key, secret } = await createApiKey({ db, now: at(0) }, asked);
    expect(await anyApiKey(db)).toBe(true);
    expect(secret).toMatch(/^rtk_[\w-]{43}$/);
    expect(key).toMatchObject({ name: 'sweeps', status: 'active', max_running: 2, prefix: secret.slice(0, 12) });
    const [row] = await db.$queryRaw<{ text: string }[]>`SELECT api_keys::text AS text FROM api_keys`;
    expect(row!.text).not.toContain(secret.slice(12));
    const { apiKeyId, scopes } = { apiKeyId: key.id, scopes: ['read', 'submit'] };
    const caller = { apiKeyId, scopes, name: 'sweeps', requestsPerMinute: null };
    expect(await authenticate({ db, now: at(1) }, secret)).toEqual({ outcome: 'accepted', caller });
    for (const wrong of [`${secret}x`, secret.slice(0, -1), key.prefix, '']) {
      expect(await authenticate({ db, now: at(1) }, wrong)).toEqual({ outcome: 'unknown' });
    }
  });

  it('are noted as used once a minute at most', async () => {
    const { key, secret } = await createApiKey({ db, now: at(0) }, asked);
    const seen: (string | null)[] = [];
    for (const second of [10, 69, 71]) {
      await authenticate({ db, now: at(second) }, secret);
      seen.push((await readApiKey({ db, now: at(second) }, key.id))!.last_used_at);
    }
    expect(seen).toEqual([at(10), at(10), at(71)].map((time) => time.toISOString()));
  });

  it('expire, and are revoked for good', async () => {
    const expiring = await createApiKey({ db, now: at(0) }, { ...asked, expires_at: at(100).toISOString() });
    expect((await authenticate({ db, now: at(99) }, expiring.secret)).outcome).toBe('accepted');
    expect(await authenticate({ db, now: at(100) }, expiring.secret)).toEqual({ outcome: 'expired', name: 'sweeps' });

    const revoked = await createApiKey({ db, now: at(0) }, asked);
    expect((await revokeApiKey({ db, now: at(5) }, revoked.key.id))!.status).toBe('revoked');
    expect((await revokeApiKey({ db, now: at(6) }, revoked.key.id))!.revoked_at).toBe(at(5).toISOString());
    expect((await authenticate({ db, now: at(7) }, revoked.secret)).outcome).toBe('revoked');
    expect(await rotateApiKey({ db, now: at(8) }, revoked.key.id, { graceSeconds: 0 })).toBeUndefined();
    expect(await revokeApiKey({ db, now: at(8) }, 'key_none')).toBeUndefined();
  });

  it('take the old secret of a rotation for the time of grace, and no longer', async () => {
    const { key, secret } = await createApiKey({ db, now: at(0) }, asked);
    const rotated = (await rotateApiKey({ db, now: at(10) }, key.id, { graceSeconds: 60 }))!;
    expect(rotated.key).toMatchObject({ id: key.id, previous_secret_until: at(70).toISOString() });
    const outcomes = async (now: Date) =>
      Promise.all([secret, rotated.secret].map(async (each) => (await authenticate({ db, now }, each)).outcome));
    expect(await outcomes(at(69))).toEqual(['accepted', 'accepted']);
    expect(await outcomes(at(70))).toEqual(['unknown', 'accepted']);
    expect((await readApiKey({ db, now: at(70) }, key.id))!.previous_secret_until).toBeNull();
  });

  it('are listed with the newest first, page by page', async () => {
    const all = await listApiKeys({ db, now: at(0) }, { limit: 100 });
    expect(all.data.length).toBeGreaterThan(3);
    const first = await listApiKeys({ db, now: at(0) }, { limit: 2 });
    const second = await listApiKeys({ db, now: at(0) }, { limit: 2, after: first.next! });
    expect([...first.data, ...second.data]).toEqual(all.data.slice(0, 4));
  });

  it('have idempotency keys of their own, and their experiments say whose they are', async () => {
    const keys = [await createApiKey({ db, now: at(0) }, asked), await createApiKey({ db, now: at(0) }, asked)];
    const owners = [null, keys[0]!.key.id, keys[1]!.key.id];
    const submissions = [];
    for (const apiKeyId of [...owners, ...owners]) {
      const submission = await submitExperiment(
        { db, now: at(0) },
        { body: familySpec(), apiKeyId, idempotencyKey: 'k' },
      );
      if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
      submissions.push(submission);
    }
    expect(submissions.map(({ replayed }) => replayed)).toEqual([false, false, false, true, true, true]);
    expect(submissions[4]!.experimentId).toBe(submissions[1]!.experimentId);
    const ids = submissions.slice(0, 3).map(({ experimentId }) => experimentId);
    const rows = await db.experiment.findMany({ where: { id: { in: ids } }, orderBy: { id: 'asc' } });
    expect(rows.map(({ apiKeyId }) => apiKeyId)).toEqual(owners);
  });
});
