import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { EngineFailure } from './engine-failure.js';
import type { CallEngine } from './wasm-engine.js';

interface Request {
  id: number;
  method: string;
  params?: unknown;
}

/** What the native engine answers to every failure. */
const ENGINE_FAILED = 4466;

/** The exit status of a Rust program that panicked, which Prisma's CLI expects. */
const PANICKED = 101;

/**
 * Answers the requests of Prisma's CLI, one JSON object a line, one after the other, until the input ends.
 *
 * @returns the exit status: 0, or 101 after a panic of the engine
 */
export async function serveJsonRpc(call: CallEngine, input: Readable, output: Writable): Promise<number> {
  const send = (message: object) => output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const panic = nextPanic();
  for await (const line of createInterface({ input })) {
    const message = JSON.parse(line) as Request | { id: string; result: object };
    if (!('method' in message)) continue; // the receipt for a text sent with "print"
    const { id, method, params } = message;
    try {
      const result = await Promise.race([call(method, params), panic]);
      const text = method === 'diff' && (result as { stdout?: string | null }).stdout;
      if (text) send({ id: `print-${id}`, method: 'print', params: { content: text } });
      send({ id, result: result ?? null });
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error;
      const data = { message: error.message, ...error.fields };
      send({ id, error: { code: ENGINE_FAILED, message: error.message, data } });
      if (data.is_panic) return PANICKED;
    }
  }
  return 0;
}

/** Rejects when the engine panics: within a callback of the database, so that only the process hears of it. */
function nextPanic(): Promise<never> {
  return new Promise((_, reject) => {
    process.once('uncaughtException', (trap) => reject(EngineFailure.of(trap)));
  });
}
