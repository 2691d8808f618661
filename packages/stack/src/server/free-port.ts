import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** Finds a TCP port of 127.0.0.1 that nothing listens on; another process may still take it before its use. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
