import pg from 'pg';
import type { Datasource } from './arguments.js';
import { connectionSettings, maintain, withClient } from './connection.js';
import { writeLog } from './engine-log.js';

/**
 * Runs `schema-engine cli <command>`, by which Prisma's CLI probes, creates and drops the database itself.
 *
 * @param command `can-connect-to-database`, `create-database` or `drop-database`
 * @returns the exit status: 0, or 1 with the reason on stderr
 */
export async function runDatabaseCommand(command: string, { url }: Datasource): Promise<number> {
  writeLog('INFO', { message: 'Starting the schema engine' }); // Prisma's CLI drops the first line it reads
  try {
    if (url === undefined) throw new Error('The datasource has no url.');
    await databaseCommand(command, url);
    return 0;
  } catch (error) {
    writeLog('ERROR', { is_panic: false, meta: null, ...userFacingError(error, url) });
    return 1;
  }
}

async function databaseCommand(command: string, url: string): Promise<void> {
  const name = pg.escapeIdentifier(connectionSettings(url).database ?? '');
  switch (command) {
    case 'can-connect-to-database':
      return withClient(connectionSettings(url), async () => {});
    case 'create-database':
      return maintain(url, `CREATE DATABASE ${name}`);
    case 'drop-database':
      return maintain(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    default:
      throw new Error(
        `Unknown command "${command}"; known are can-connect-to-database, create-database and drop-database.`,
      );
  }
}

/** Gives an error the code by which Prisma's CLI knows it: https://www.prisma.io/docs/orm/reference/error-reference */
function userFacingError(error: unknown, url = ''): { message: string; error_code?: string } {
  const { code = '', message } = error as { code?: string; message: string };
  const { host, port, database, user } = url === '' ? {} : connectionSettings(url);
  const server = `${host}:${port ?? 5432}`;
  switch (code) {
    case '28P01':
    case '28000':
      return { error_code: 'P1000', message: `Authentication failed against the server at ${server} for ${user}.` };
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EHOSTUNREACH':
    case 'ETIMEDOUT':
      return { error_code: 'P1001', message: `Can't reach database server at ${server}: ${message}` };
    case '3D000':
      return { error_code: 'P1003', message: `Database ${database} does not exist on the server at ${server}.` };
    case '42P04':
      return { error_code: 'P1009', message: `Database ${database} already exists on the server at ${server}.` };
    case '42501':
      return { error_code: 'P1010', message: `${user} was denied access on the database ${database}: ${message}` };
    default:
      return { message };
  }
}
