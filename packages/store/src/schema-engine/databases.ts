import { randomUUID } from 'node:crypto';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { Datasource } from './arguments.js';
import { connectionSettings, maintain, schemaOf } from './connection.js';
import { openPostgresAdapter } from './postgres-adapter.js';

/**
 * Gives the schema engine the database of `datasource` and, for `migrate dev` and `migrate diff`, a shadow database:
 * the one that `datasource` names, or one made for the purpose and dropped when the engine closes it.
 */
export function connectDatabases({ url, shadowDatabaseUrl }: Datasource): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: async () => openDatabase(required(url)),
    connectToShadowDb: async () =>
      shadowDatabaseUrl === undefined ? openTemporaryShadow(required(url)) : openDatabase(shadowDatabaseUrl),
  };
}

function openDatabase(url: string, database?: string): Promise<SqlDriverAdapter> {
  return openPostgresAdapter({ connection: connectionSettings(url, database), schema: schemaOf(url) });
}

async function openTemporaryShadow(url: string): Promise<SqlDriverAdapter> {
  const database = `prisma_migrate_shadow_db_${randomUUID()}`;
  await maintain(url, `CREATE DATABASE "${database}"`);
  const adapter = await openDatabase(url, database);
  const disconnect = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await disconnect();
    await maintain(url, `DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
  };
  return adapter;
}

function required(url: string | undefined): string {
  if (url === undefined) throw new Error('No database: set DATABASE_URL, as in postgresql://user:password@host/name.');
  return url;
}
