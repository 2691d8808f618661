import { createHash, randomBytes } from 'node:crypto';
import type { ApiKeyChange, NewApiKey, Scope } from '@retort/contracts';
import type { Database } from '@retort/store';
import type { Clocked } from './change.js';
import { newId } from './id.js';
import { apiKeyStatus, apiKeyView, readApiKey } from './read/api-keys.js';
import type { ApiKeyView } from './read/views.js';

/** Characters of a secret that are kept, for people to tell it by. */
const PREFIX_LENGTH = 12;
/** Milliseconds between two notes of when a key was last used. */
const USE_NOTED_EVERY_MS = 60_000;

/** A key with its secret, which is shown this once. */
export interface IssuedApiKey {
  readonly key: ApiKeyView;
  /** `rtk_` and 256 random bits. */
  readonly secret: string;
}

/** Who asks, and what they may do. */
export interface Caller {
  /** The API key; null where it is the operator's own from the environment, or a service without keys. */
  readonly apiKeyId: string | null;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly requestsPerMinute: number | null;
}

export type Authentication =
  { outcome: 'accepted'; caller: Caller } | { outcome: 'unknown' } | { outcome: 'revoked' | 'expired'; name: string };

/** Makes an API key. */
export async function createApiKey({ db, now }: Clocked, asked: NewApiKey): Promise<IssuedApiKey> {
  const { secret, ...kept } = newSecret();
  const row = await db.apiKey.create({
    data: {
      id: newId('key'),
      name: asked.name,
      ...kept,
      scopes: asked.scopes,
      maxRunning: asked.max_running,
      requestsPerMinute: asked.requests_per_minute,
      expiresAt: asked.expires_at === null ? null : new Date(asked.expires_at),
      createdAt: now,
    },
  });
  return { key: apiKeyView(row, now), secret };
}

/** Changes a key, from its next request and its next task on; undefined where there is none, or it is revoked. */
export async function changeApiKey(
  { db, now }: Clocked,
  id: string,
  { name, scopes, max_running: maxRunning, requests_per_minute: requestsPerMinute, expires_at: end }: ApiKeyChange,
): Promise<ApiKeyView | undefined> {
  const expiresAt = typeof end === 'string' ? new Date(end) : end;
  const { count } = await db.apiKey.updateMany({
    where: { id, revokedAt: null },
    data: { name, scopes, maxRunning, requestsPerMinute, expiresAt },
  });
  return count > 0 ? readApiKey({ db, now }, id) : undefined;
}

/** Takes a key back for good; undefined where there is none with this id. */
export async function revokeApiKey({ db, now }: Clocked, id: string): Promise<ApiKeyView | undefined> {
  await db.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: now } });
  const row = await db.apiKey.findUnique({ where: { id } });
  return row ? apiKeyView(row, now) : undefined;
}

/**
 * Gives a key a new secret.
 *
 * @param graceSeconds how long the old secret is taken besides
 * @returns undefined where there is no such key, or it is revoked
 */
export async function rotateApiKey(
  { db, now }: Clocked,
  id: string,
  { graceSeconds }: { graceSeconds: number },
): Promise<IssuedApiKey | undefined> {
  const { secret, sha256, prefix } = newSecret();
  const previousUntil = new Date(now.getTime() + graceSeconds * 1000);
  // One statement, so that of two rotations at once the second keeps the first one's secret for its grace.
  const changed = await db.$executeRaw`
    UPDATE api_keys SET previous_sha256 = sha256, previous_until = ${previousUntil}, sha256 = ${sha256}, prefix = ${prefix}
    WHERE id = ${id} AND revoked_at IS NULL`;
  if (changed === 0) return undefined;
  const row = await db.apiKey.findUniqueOrThrow({ where: { id } });
  return { key: apiKeyView(row, now), secret };
}

/** Whether the service has ever been given a key: from then on it is closed to everyone without one. */
export async function anyApiKey(db: Database): Promise<boolean> {
  const rows = await db.sql.$queryRaw<unknown[]>`SELECT 1 FROM api_keys LIMIT 1`;
  return rows.length > 0;
}

/**
 * Whose secret it is.
 *
 * It is looked up by its hash, so that the time of the answer tells nothing of a secret that is nearly right.
 */
export async function authenticate({ db, now }: Clocked, secret: string): Promise<Authentication> {
  const sha256 = hashOf(secret);
  const [row] = await db.sql.$queryRaw<
    (Caller & { revokedAt: Date | null; expiresAt: Date | null; lastUsedAt: Date | null })[]
  >`
    SELECT id AS "apiKeyId", name, scopes, requests_per_minute AS "requestsPerMinute",
      revoked_at AS "revokedAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt"
    FROM api_keys WHERE sha256 = ${sha256} OR (previous_sha256 = ${sha256} AND previous_until > ${now})`;
  if (!row) return { outcome: 'unknown' };
  const { revokedAt, expiresAt, lastUsedAt, ...caller } = row;
  const status = apiKeyStatus({ revokedAt, expiresAt }, now);
  if (status !== 'active') return { outcome: status, name: caller.name };
  const notedUntil = new Date(now.getTime() - USE_NOTED_EVERY_MS);
  if (!lastUsedAt || lastUsedAt < notedUntil) {
    await db.sql.$executeRaw`
      UPDATE api_keys SET last_used_at = ${now}
      WHERE id = ${caller.apiKeyId} AND (last_used_at IS NULL OR last_used_at < ${notedUntil})`;
  }
  return { outcome: 'accepted', caller };
}

function newSecret(): { secret: string; sha256: string; prefix: string } {
  const secret = `rtk_${randomBytes(32).toString('base64url')}`;
  return { secret, sha256: hashOf(secret), prefix: secret.slice(0, PREFIX_LENGTH) };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
