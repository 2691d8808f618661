import pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';

/** The database that every Postgres server has, to speak to the server about its databases. */
const MAINTENANCE_DATABASE = 'postgres';

/**
 * Turns a Prisma database URL into the settings of node-postgres.
 *
 * Always parsed, never passed on as a URL: node-postgres lets a URL win over `database`, so that a shadow database
 * would silently be the main one.
 *
 * @param url as in `postgresql://user:password@host:5432/name?schema=public`
 * @param database another database of the same server
 */
export function connectionSettings(url: string, database?: string): pg.ClientConfig {
  const settings: pg.ClientConfig = parseIntoClientConfig(url);
  const schema = schemaOf(url);
  if (schema !== undefined) settings.options = `-c search_path=${pg.escapeIdentifier(schema).replaceAll(' ', '\\ ')}`;
  if (database !== undefined) settings.database = database;
  return settings;
}

/** The schema that a Prisma database URL names, if any. */
export function schemaOf(url: string): string | undefined {
  return new URL(url).searchParams.get('schema') ?? undefined;
}

/** Opens one connection, runs `use` with it and closes it. */
export async function withClient<T>(settings: pg.ClientConfig, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(settings);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Runs one statement about the databases of the server that `url` names. */
export async function maintain(url: string, statement: string): Promise<void> {
  await withClient(connectionSettings(url, MAINTENANCE_DATABASE), (client) => client.query(statement));
}
