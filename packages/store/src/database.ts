import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient, type Prisma } from './generated/client.js';
import type { SqlRunner, SqlTransaction } from './statement.js';
import { runInTransaction, runOn, streamOf, TIME_LIMIT_MS } from './transaction.js';

/** Prisma's client, and beside it, on the same connections, what the job protocol writes with (decision 22). */
export type Database = PrismaClient & {
  /** Runs statements, each by itself. */
  readonly sql: SqlRunner;
  /** Runs prepared statements in one transaction, which is rolled back where `work` throws. */
  readonly transaction: <T>(
    work: (tx: SqlTransaction) => Promise<T>,
    options?: { readonly timeLimitMs?: number },
  ) => Promise<T>;
};
/** What a query of Prisma's can run on: the database, or a transaction of it. */
export type Queryable = Prisma.TransactionClient;

/** Milliseconds in which a connection must be had, from the pool or anew. */
const CONNECT_LIMIT_MS = 10_000;
/** Milliseconds of silence after which a query's connection counts as broken: no query of Retort's takes a part of that. */
const SILENCE_LIMIT_MS = 15_000;
/** PostgreSQL's number of the type `bigint`, which node-postgres gives as text and Prisma as a bigint. */
const INT8 = 20;

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
    pipeline: true,
    types: {
      getTypeParser: ((oid: number, format?: 'text'): unknown =>
        oid === INT8 ? BigInt : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
    // Not as a startup parameter, which poolers between Retort and PostgreSQL refuse.
    verify: (client, done) => {
      client.query(sessionSettings(silenceLimitMs), (error) => done(error ?? undefined));
    },
  });
  pool.on('connect', (client) => {
    // While its first statement runs nobody else listens, and that fails by itself: the process is not to end with it.
    client.on('error', () => undefined);
    giveUpWhenSilent(client, silenceLimitMs);
  });
  // Of an idle connection that was lost: the pool has dropped it, and opens another for whoever asks next.
  pool.on('error', () => undefined);
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    // Those of `transaction`: Prisma's own, 2 s to begin and 5 s to end, are less than a busy machine takes.
    transactionOptions: { maxWait: CONNECT_LIMIT_MS, timeout: TIME_LIMIT_MS },
  });
  const disconnect = prisma.$disconnect.bind(prisma);
  return Object.assign(prisma, {
    sql: runOn(pool),
    transaction: <T>(work: (tx: SqlTransaction) => Promise<T>, options?: { readonly timeLimitMs?: number }) =>
      runInTransaction(pool, work, options),
    $disconnect: async () => {
      await disconnect();
      if (!pool.ending) await pool.end();
    },
  });
}

/**
 * What holds for a connection from its first statement on.
 *
 * A prepared statement that was planned while its tables were small scans them, and goes on scanning them for up to a
 * minute after they have grown: ten thousand jobs took 9 s to enter in place of 2. Every statement of Retort's has an
 * index, so that none is planned as a scan.
 */
function sessionSettings(silenceLimitMs: number): string {
  return `SET idle_in_transaction_session_timeout = ${silenceLimitMs}; SET enable_seqscan = off`;
}

/** node-postgres's own `query_timeout` fails the query but keeps its connection in the pool, where the next one waits on it. */
function giveUpWhenSilent(client: pg.PoolClient, limitMs: number): void {
  const stream = streamOf(client);
  stream.setTimeout(limitMs, () => stream.destroy(new Error(`PostgreSQL did not answer within ${limitMs} ms`)));
}
