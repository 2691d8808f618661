import { inject } from 'vitest';
import type { TestDatabase } from './test-stack.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's test stack is asked for databases. */
    testStackUrl: string;
  }
}

/**
 * Makes a migrated database and a Redis database for one test file, on the PostgreSQL and the Redis that the whole
 * run shares. The first file that asks waits until they have started.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const lent = await ask('POST', 'databases');
  const { name, databaseUrl, redisUrl } = JSON.parse(lent) as { name: string; databaseUrl: string; redisUrl: string };
  return {
    databaseUrl,
    redisUrl,
    drop: async () => {
      await ask('DELETE', `databases/${name}`);
    },
  };
}

async function ask(method: string, path: string): Promise<string> {
  const response = await fetch(new URL(path, inject('testStackUrl')), { method });
  const text = await response.text();
  if (!response.ok) throw new Error(`The test stack of this run failed: ${text}`);
  return text;
}
