import { openTestDatabase } from '@retort/stack/testing';
import { openDatabase } from '@retort/store';
import { expect, it } from 'vitest';
import { startTcpProxy } from '../support/tcp-proxy.js';

const { databaseUrl } = await openTestDatabase();

it('a connection that is cut in its first statement fails what waits for it, and not the process', async () => {
  const postgres = await startTcpProxy(databaseUrl);
  const db = openDatabase(postgres.url);
  try {
    const caught = postgres.trap({ sent: ['idle_in_transaction_session_timeout'], when: 'before' });
    const count = expect(db.experiment.count()).rejects.toThrow();
    await caught;
    // Without a listener, Vitest would report the error of the connection and fail.
    postgres.cut();
    await count;
    expect(await db.experiment.count()).toBe(0);
  } finally {
    await db.$disconnect();
    postgres.close();
  }
});
