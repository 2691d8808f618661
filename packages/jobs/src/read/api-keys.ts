import type { Prisma } from '@retort/store';
import type { Clocked } from '../change.js';
import { pageOf, type Page, type PageRequest } from './page.js';
import type { ApiKeyView } from './views.js';

/** One API key, or undefined where there is none with this id. */
export async function readApiKey({ db, now }: Clocked, id: string): Promise<ApiKeyView | undefined> {
  const row = await db.apiKey.findUnique({ where: { id } });
  return row ? apiKeyView(row, now) : undefined;
}

/** A page of the API keys, the newest first; those that are revoked stay in it. */
export async function listApiKeys({ db, now }: Clocked, { limit, after }: PageRequest): Promise<Page<ApiKeyView>> {
  const rows = await db.apiKey.findMany({
    where: after === undefined ? {} : { id: { lt: after } },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  return pageOf(
    rows.map((row) => apiKeyView(row, now)),
    limit,
  );
}

/** Whether a key is taken at a time. */
export function apiKeyStatus(
  { revokedAt, expiresAt }: { readonly revokedAt: Date | null; readonly expiresAt: Date | null },
  now: Date,
): ApiKeyView['status'] {
  if (revokedAt) return 'revoked';
  return expiresAt && expiresAt <= now ? 'expired' : 'active';
}

export function apiKeyView(row: Prisma.ApiKeyGetPayload<object>, now: Date): ApiKeyView {
  const previousUntil = row.previousUntil && row.previousUntil > now ? row.previousUntil : undefined;
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    status: apiKeyStatus(row, now),
    scopes: row.scopes as ApiKeyView['scopes'],
    max_running: row.maxRunning,
    requests_per_minute: row.requestsPerMinute,
    created_at: row.createdAt.toISOString(),
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
    expires_at: row.expiresAt?.toISOString() ?? null,
    revoked_at: row.revokedAt?.toISOString() ?? null,
    previous_secret_until: previousUntil?.toISOString() ?? null,
  };
}
