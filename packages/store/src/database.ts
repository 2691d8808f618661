import { PrismaPg } from '@prisma/adapter-pg';
import type { Socket } from 'node:net';
import pg from 'pg';
import { PrismaClient, type Prisma } from './generated/client.js';

export type Database = PrismaClient;
/** What a query can run on: the database, or a transaction of it. */
export type Queryable = Prisma.TransactionClient;

/** Milliseconds in which a connection must be had, from the pool or anew. */
const CONNECT_LIMIT_MS = 10_000;
/** Milliseconds of silence after which a query's connection counts as broken: no query of Retort's takes a part of that. */
const SILENCE_LIMIT_MS = 15_000;

/**
 * Opens the database.
 *
 * A connection that dies without being closed, as behind a firewall that forgets it, is given up after 15 s of silence
 * by both of its ends: the query fails and the pool opens another; the server gives the transaction's locks free.
 *
 * @param databaseUrl `postgresql://user:password@host:port/name`
 * @param poolSize connections held at most; each process of Retort keeps its own pool
 * @param silenceLimitMs milliseconds of that silence
 */
export function openDatabase(
  databaseUrl: string,
  { poolSize = 10, silenceLimitMs = SILENCE_LIMIT_MS }: { poolSize?: number; silenceLimitMs?: number } = {},
): Database {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    // Not as a startup parameter, which poolers between Retort and PostgreSQL refuse.
    verify: (client, done) => {
      client.query(`SET idle_in_transaction_session_timeout = ${silenceLimitMs}`, (error) => done(error ?? undefined));
    },
  });
  pool.on('connect', (client) => giveUpWhenSilent(client, silenceLimitMs));
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
}

/** node-postgres's own `query_timeout` fails the query but keeps its connection in the pool, where the next one waits on it. */
function giveUpWhenSilent(client: pg.PoolClient, limitMs: number): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.setTimeout(limitMs, () => stream.destroy(new Error(`PostgreSQL did not answer within ${limitMs} ms`)));
}
