import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestDatabase, TestStack } from '@retort/stack/testing';
import type { TestProject } from 'vitest/node';

/**
 * Shares one PostgreSQL and one Redis among all test files of a run: `testDatabase()` asks here for a database. They
 * start when the first file asks, so that a run without such tests is not slowed.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let stack: Promise<TestStack> | undefined;
  const lent = new Map<string, TestDatabase>();

  const lend = async (): Promise<string> => {
    stack ??= import('@retort/stack/testing').then(({ startTestStack }) => startTestStack());
    const database = await (await stack).createDatabase();
    const name = new URL(database.databaseUrl).pathname.slice(1);
    lent.set(name, database);
    return JSON.stringify({ name, databaseUrl: database.databaseUrl, redisUrl: database.redisUrl });
  };
  const takeBack = async (name: string): Promise<string> => {
    await lent.get(name)?.drop();
    lent.delete(name);
    return '';
  };
  const answer = ({ method, url }: IncomingMessage): Promise<string> =>
    method === 'POST' ? lend() : takeBack(url!.slice('/databases/'.length));

  const server = createServer((request, response) => {
    answer(request).then(
      (text) => response.end(text),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  project.provide('testStackUrl', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  return async () => {
    server.closeAllConnections();
    server.close();
    await (await stack)?.stop();
  };
}
