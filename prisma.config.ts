import process from 'node:process';
import type { PrismaConfig } from 'prisma';

const url = process.env['DATABASE_URL'];

// Generating the client needs no database, so that DATABASE_URL may be unset.
export default {
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(url === undefined ? {} : { datasource: { url } }),
} satisfies PrismaConfig;
