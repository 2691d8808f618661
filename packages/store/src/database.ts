import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient, type Prisma } from './generated/client.js';

export type Database = PrismaClient;
/** What a query can run on: the database, or a transaction of it. */
export type Queryable = Prisma.TransactionClient;

/**
 * Opens the database.
 *
 * @param databaseUrl `postgresql://user:password@host:port/name`
 * @param poolSize connections held at most; each process of Retort keeps its own pool
 */
export function openDatabase(databaseUrl: string, { poolSize = 10 } = {}): Database {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl, max: poolSize }) });
}
