import Table from 'cli-table3';
import { ApiKeyChange, check, expiryProblems, NewApiKey } from '@retort/contracts';
import { changeApiKey, createApiKey, listApiKeys, revokeApiKey, type ApiKeyView, type Clocked } from '@retort/jobs';
import { readRunningStack } from '@retort/stack';
import { openDatabase } from '@retort/store';
import type { CliSettings } from '../settings.js';

/** What to say of a new key on the command line. */
export interface KeyOptions {
  readonly scope: string[];
  readonly maxRunning?: number;
  readonly requestsPerMinute?: number;
  readonly expires?: string;
}

/** Makes an API key, and prints its secret: alone on standard output, so that a script can take it. */
export async function createKey(settings: CliSettings, name: string, options: KeyOptions): Promise<void> {
  const asked = read(NewApiKey, { name, ...askedBy(options) }) as NewApiKey;
  const { key, secret } = await withDatabase(settings, (clocked) => createApiKey(clocked, asked));
  process.stderr.write(`${key.id} "${key.name}" may ${key.scopes.join(', ')}; its secret is not shown again:\n`);
  process.stdout.write(`${secret}\n`);
}

/** What to change of a key on the command line; commander knows no null. */
export interface KeyChange {
  readonly name?: string;
  readonly scope?: string[];
  readonly maxRunning?: number | 'none';
  readonly requestsPerMinute?: number | 'none';
  /** A time, or `never`. */
  readonly expires?: string;
}

/** Changes what an API key may do, and prints what it may then. */
export async function changeKey(settings: CliSettings, id: string, options: KeyChange): Promise<void> {
  const change = read(ApiKeyChange, { name: options.name, ...askedBy(options) }) as ApiKeyChange;
  const key = await withDatabase(settings, (clocked) => changeApiKey(clocked, id, change));
  if (!key) throw new Error(`there is no API key "${id}" that is not revoked: "retort key list" shows them`);
  const bounds = [
    `max running: ${key.max_running ?? 'none'}`,
    `requests per minute: ${key.requests_per_minute ?? 'none'}`,
    `expires: ${key.expires_at ?? 'never'}`,
  ];
  process.stdout.write(`${key.id} "${key.name}" may ${key.scopes.join(', ')}; ${bounds.join('; ')}\n`);
}

/** Lists the API keys, the newest first. */
export async function listKeys(settings: CliSettings): Promise<void> {
  const head = ['key', 'name', 'secret', 'status', 'scopes', 'last used', 'expires'];
  const table = new Table({ head, style: { head: [], border: [] } });
  await withDatabase(settings, async (clocked) => {
    for (let after: string | null | undefined; after !== null;) {
      const page = await listApiKeys(clocked, { limit: 100, ...(after !== undefined && { after }) });
      table.push(...page.data.map(row));
      after = page.next;
    }
  });
  process.stdout.write(`${table.toString()}\n`);
}

/** Takes an API key back for good. */
export async function revokeKey(settings: CliSettings, id: string): Promise<void> {
  const key = await withDatabase(settings, (clocked) => revokeApiKey(clocked, id));
  if (!key) throw new Error(`there is no API key "${id}": "retort key list" shows those that there are`);
  process.stdout.write(`${key.id} "${key.name}" is revoked since ${key.revoked_at!}\n`);
}

function askedBy({ scope, maxRunning, requestsPerMinute, expires }: KeyChange) {
  return {
    scopes: scope,
    max_running: maxRunning === 'none' ? null : maxRunning,
    requests_per_minute: requestsPerMinute === 'none' ? null : requestsPerMinute,
    expires_at: expires === 'never' ? null : expires,
  };
}

/** @throws Error with a line for each option that is wrong */
function read(schema: typeof NewApiKey | typeof ApiKeyChange, options: object): unknown {
  const checked = check(schema, options);
  const problems = checked.ok ? expiryProblems(checked.value as ApiKeyChange, new Date()) : checked.problems;
  if (checked.ok && problems.length === 0) return checked.value;
  const lines = problems.map(({ pointer, message, remedy }) => `${pointer.slice(1)}: ${message}; ${remedy}`);
  throw new Error(lines.join('\n'));
}

function row({ id, name, prefix, status, scopes, last_used_at, expires_at }: ApiKeyView): string[] {
  return [id, name, `${prefix}…`, status, scopes.join(', '), last_used_at ?? 'never', expires_at ?? 'never'];
}

/** Runs `work` on the database that `DATABASE_URL` names, or on the one of the Retort that runs with the data folder. */
async function withDatabase<T>(
  { databaseUrl, dataFolder }: CliSettings,
  work: (clocked: Clocked) => Promise<T>,
): Promise<T> {
  const url = databaseUrl ?? (await readRunningStack(dataFolder))?.databaseUrl;
  if (url === undefined) {
    throw new Error(
      `no database is known: set DATABASE_URL, or start Retort by "retort up" (RETORT_DATA is ${dataFolder})`,
    );
  }
  const db = openDatabase(url, { poolSize: 1 });
  try {
    return await work({ db, now: new Date() });
  } finally {
    await db.$disconnect();
  }
}
