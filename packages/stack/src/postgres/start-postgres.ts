import { join } from 'node:path';
import pg from 'pg';
import type { GuardedCommand } from '../server/guard.js';
import { keepRunning, type RunningServer } from '../server/keep-running.js';
import type { Log } from '../server/log.js';
import type { ServerPlan } from '../server/launch.js';
import { endOrphan } from '../server/orphan.js';
import { disownPid, openCluster, SUPERUSER, type Cluster } from './cluster.js';

/** The database of Retort in its embedded PostgreSQL. */
const DATABASE = 'retort';

/** A fast shutdown, an immediate one (recovery follows on the next start), and the hard way. */
const STOP_SIGNALS: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGKILL'];

/** Settings of PostgreSQL, as in `{ fsync: 'off' }`. */
export type PostgresSettings = Record<string, string>;

const SETTINGS: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/** The embedded PostgreSQL. */
export interface EmbeddedPostgres extends RunningServer {
  databaseUrl: string;
}

/**
 * Starts the embedded PostgreSQL on the data folder, for connections with a password from this machine.
 *
 * @param options.dataDir the data folder, held by this process
 * @param options.settings beyond Retort's own
 */
export async function startPostgres({
  dataDir,
  settings = {},
  log,
}: {
  dataDir: string;
  settings?: PostgresSettings;
  log: Log;
}): Promise<EmbeddedPostgres> {
  const { plan, urlOf } = await planPostgres({ dataDir, settings });
  const server = await keepRunning(plan, log);
  return { ...server, databaseUrl: urlOf(server.port) };
}

/** How to run a PostgreSQL on the data folder, whose data directory is made where there is none. */
export async function planPostgres({
  dataDir,
  settings = {},
}: {
  dataDir: string;
  settings?: PostgresSettings;
}): Promise<{ plan: ServerPlan; urlOf: (port: number) => string }> {
  const cluster = await openCluster(dataDir, { sync: settings['fsync'] !== 'off' });
  const plan = {
    name: 'PostgreSQL',
    module: new URL('../server/guard.js', import.meta.url),
    arguments: (port: number) => [JSON.stringify(postmaster(cluster, port, { ...SETTINGS, ...settings }))],
    logFile: join(dataDir, 'logs', 'postgres.log'),
    prepare: () => clearAway(cluster),
    probe: (port: number) => askVersion(urlOf(cluster, port, 'postgres')),
    passing: /pre-existing shared memory block|Address already in use|could not create any TCP\/IP sockets/,
  };
  return { plan, urlOf: (port) => urlOf(cluster, port, DATABASE) };
}

/** Asks a PostgreSQL for its version, as in "18.3". */
export async function askVersion(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]!.server_version.split(' ')[0]!;
  } finally {
    await client.end();
  }
}

function postmaster(
  { binaries, dataDirectory, user }: Cluster,
  port: number,
  settings: PostgresSettings,
): GuardedCommand {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const args = ['-D', dataDirectory, '-p', String(port), ...options];
  return { ...user.as(binaries.postgres, args), env: binaries.env, stopSignals: STOP_SIGNALS };
}

async function clearAway({ pidFile, dataDirectory }: Cluster): Promise<void> {
  const { pidTaken } = await endOrphan(pidFile, dataDirectory, STOP_SIGNALS);
  if (pidTaken) await disownPid(pidFile);
}

function urlOf({ password }: Cluster, port: number, database: string): string {
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}
