import type { Socket } from 'node:net';
import type pg from 'pg';
import { DatabaseAwayError, ofDatabase } from './database-away.js';
import { statement, type SqlRunner, type SqlTransaction } from './statement.js';

/** Milliseconds that a transaction may take, where its caller says nothing else. */
export const TIME_LIMIT_MS = 30_000;
/** PostgreSQL's code for a prepared statement whose tables have been changed so that it would return other types. */
const STALE_STATEMENT = '0A000';
/** PostgreSQL's code for whatever comes behind a statement that failed. */
const ABORTED = '25P02';

/** Runs each statement by itself, on whichever connection of the pool is free; without a name, it is planned for what there is. */
export function runOn(pool: pg.Pool): SqlRunner {
  return runnerOf(({ text, values }) => asked(() => pool.query(text, values)));
}

/**
 * Runs `work` in one transaction, which is rolled back where it throws, or takes too long.
 *
 * A statement is sent at once, whether or not those before it are answered; what is asked within one turn goes out in one
 * write. PostgreSQL runs them in their order, and none behind one that failed.
 *
 * @param timeLimitMs milliseconds after which its connection is destroyed
 */
export async function runInTransaction<T>(
  pool: pg.Pool,
  work: (tx: SqlTransaction) => Promise<T>,
  { timeLimitMs = TIME_LIMIT_MS }: { timeLimitMs?: number } = {},
): Promise<T> {
  const client = await asked(() => pool.connect());
  // The query that is under way fails, or the next one does.
  const onLost = () => undefined;
  client.on('error', onLost);
  const timer = setTimeout(() => {
    streamOf(client).destroy(new DatabaseAwayError(`the transaction took longer than ${timeLimitMs} ms`));
  }, timeLimitMs);
  const failures: Error[] = [];
  const query = (config: pg.QueryConfig): Promise<pg.QueryResult> => {
    gatherWrites(streamOf(client));
    const answer = asked(() => client.query(config));
    answer.catch((error: Error) => failures.push(error));
    return answer;
  };
  let broken = false;
  try {
    void query({ text: 'BEGIN' });
    let committing: Promise<pg.QueryResult> | undefined;
    const commit = () => (committing ??= query({ text: 'COMMIT' }));
    const result = await work({
      ...runnerOf(query),
      $send: (template, ...values) => void query(statement(template, values)),
      $commit: () => void commit(),
    });
    const { command } = await commit();
    if (command !== 'COMMIT') throw failures[0]!;
    return result;
  } catch (error) {
    const cause = codeOf(error) === ABORTED ? failures[0]! : error;
    broken = codeOf(cause) === STALE_STATEMENT || !(await rollBack(client));
    throw cause;
  } finally {
    clearTimeout(timer);
    client.removeListener('error', onLost);
    client.release(broken);
  }
}

/** The socket of a connection, of which node-postgres's types say nothing. */
export function streamOf(client: pg.PoolClient): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

/** Holds back what is written in this turn until its end. */
function gatherWrites(stream: Socket): void {
  stream.cork();
  process.nextTick(() => stream.uncork());
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

function runnerOf(query: (config: pg.QueryConfig) => Promise<pg.QueryResult>): SqlRunner {
  const run = (...[template, ...values]: Parameters<SqlRunner['$executeRaw']>) => query(statement(template, values));
  return {
    $queryRaw: async <T>(...asking: Parameters<SqlRunner['$executeRaw']>) => (await run(...asking)).rows as T,
    $executeRaw: async (...asking) => (await run(...asking)).rowCount ?? 0,
  };
}

/** What the driver answers; what it throws says that it came from the database. */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw ofDatabase(error);
  }
}

/** @returns whether the connection can be used again */
async function rollBack(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    // What made the transaction fail is thrown; the server ends it with the connection.
    return false;
  }
}
