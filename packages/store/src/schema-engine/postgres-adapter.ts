import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, type SqlDriverAdapter, type SqlResultSet } from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** The settings of one database, and the schema of it in which unqualified tables lie. */
export interface DatabaseSettings {
  connection: pg.ClientConfig;
  schema?: string | undefined;
}

/**
 * Opens Prisma's adapter for node-postgres as the schema engine needs it:
 *
 * - one session that stays open, because the advisory lock that guards concurrent migrations belongs to a session;
 * - a script runs whole, as the native engine runs it: the adapter would cut it at every semicolon, also at those
 *   within a function's body or a quoted text;
 * - Postgres' internal type "char", which the catalogue is full of, is known.
 */
export async function openPostgresAdapter({ connection, schema }: DatabaseSettings): Promise<SqlDriverAdapter> {
  const pool = new pg.Pool({ ...connection, max: 1, idleTimeoutMillis: 0 });
  pool.on('connect', markCharColumns);
  const adapter = await new PrismaPg(pool, { schema, disposeExternalPool: true }).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => restoreCharColumns(await queryRaw(query));
  // Without arguments node-postgres uses the simple query protocol, which takes several statements at once.
  adapter.executeScript = async (script) => {
    await adapter.executeRaw({ sql: script, args: [], argTypes: [] });
  };
  return adapter;
}

// adapter-pg 7 refuses columns of type "char" (OID 18). They come as text, so each is presented to the adapter as a
// text column whose name says what it was, and is given its true type again in the adapter's answer.
const CHAR = 18;
const TEXT = 25;
const CHAR_MARK = '\u0000char';

interface RowDescription {
  fields: { name: string; dataTypeID: number }[];
}

function markCharColumns(client: pg.PoolClient): void {
  const { connection } = client as unknown as pg.Client;
  connection.prependListener('rowDescription', ({ fields }: RowDescription) => {
    for (const field of fields) {
      if (field.dataTypeID !== CHAR) continue;
      field.dataTypeID = TEXT;
      field.name += CHAR_MARK;
    }
  });
}

function restoreCharColumns({ columnNames, columnTypes, rows }: SqlResultSet): SqlResultSet {
  return {
    columnNames: columnNames.map((name) => name.replace(CHAR_MARK, '')),
    columnTypes: columnTypes.map((type, i) => (columnNames[i]?.endsWith(CHAR_MARK) ? ColumnTypeEnum.Character : type)),
    rows,
  };
}
