import pg from 'pg';
import { Prisma } from './generated/client.js';

/** Prisma's codes for a database that was not there, went away, or gave no connection or transaction in time. */
const AWAY: readonly string[] = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037'];
/** The same by the adapter, where Prisma has no code of its own for it. */
const AWAY_KINDS: readonly string[] = [
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
];
/** PostgreSQL's: a connection error, too many of them, a shutdown or a start, an idle transaction that was ended. */
const AWAY_SQL_STATE = /^(08...|53300|57P0[1-3]|25P03)$/;
/** node-postgres has no codes for these. */
const AWAY_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|PostgreSQL did not answer)/;
/** PostgreSQL's for a lock that `lock_timeout` ended the wait for. */
const LOCK_NOT_AVAILABLE = '55P03';
/** The operating system's. */
const AWAY_SOCKET = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_)/;

/** The database could not be reached, or its connection was given up. */
export class DatabaseAwayError extends Error {
  override readonly name = 'DatabaseAwayError';
}

/** What node-postgres throws, so that `isDatabaseAway` can tell it from another server's trouble. */
export function ofDatabase(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof pg.DatabaseError) return error;
  const { code = '' } = error as { code?: string };
  if (!AWAY_SOCKET.test(code)) return error;
  return new DatabaseAwayError(`PostgreSQL cannot be reached: ${error.message || code}`, { cause: error });
}

/** Whether a query failed because the database could not be reached, and not because of what was asked. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    const { kind, originalCode } = adapterCause(error);
    return AWAY.includes(error.code) || AWAY_KINDS.includes(kind) || AWAY_SQL_STATE.test(originalCode);
  }
  if (error instanceof pg.DatabaseError) return AWAY_SQL_STATE.test(error.code ?? '');
  return error instanceof DatabaseAwayError || (error instanceof Error && AWAY_MESSAGE.test(error.message));
}

/** Whether a statement of a transaction failed because a lock was not had in time. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE;
}

function adapterCause({ meta }: Prisma.PrismaClientKnownRequestError): { kind: string; originalCode: string } {
  const adapter = meta?.driverAdapterError as { cause?: { kind?: string; originalCode?: string } } | undefined;
  const { kind = '', originalCode = '' } = adapter?.cause ?? {};
  return { kind, originalCode };
}
