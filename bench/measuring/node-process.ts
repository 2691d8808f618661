import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { KEPT_MEMORY } from '@retort/engine/environment';

/** A Node process of the bench's own that answers one request at a time; the other side is {@link answerRequests}. */
export class NodeProcess<Request, Answer> {
  readonly #child: ChildProcess;

  /** @param module its path below the built `bench/`, such as `engines/child.js` */
  constructor(
    private readonly module: string,
    args: readonly string[] = [],
  ) {
    this.#child = fork(fileURLToPath(new URL(`../${module}`, import.meta.url)), args, {
      env: { ...KEPT_MEMORY, ...process.env }, // as a worker starts its compute children
      serialization: 'advanced',
    });
  }

  /** @throws Error with the process's own message where it failed, or ended */
  async ask(request: Request): Promise<Answer> {
    if (!this.#child.connected) throw new Error(`bench/${this.module} has ended already`);
    const ended = new AbortController();
    const answered = once(this.#child, 'message', { signal: ended.signal });
    const exited = once(this.#child, 'exit', { signal: ended.signal }).then(([code, signal]) => {
      throw new Error(`bench/${this.module} ended with ${signal ?? `exit code ${code}`} before it had answered`);
    });
    this.#child.send(request as object, () => undefined); // where it cannot be sent, the process has ended: told below
    try {
      const [message] = (await Promise.race([answered, exited])) as [{ answer: Answer } | { error: string }];
      if ('error' in message) throw new Error(message.error);
      return message.answer;
    } finally {
      answered.catch(() => undefined);
      exited.catch(() => undefined);
      ended.abort();
    }
  }

  /** Waits until the process is gone. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }
}

/** Answers the requests of the process that forked this one, until it lets go. */
export function answerRequests<Request, Answer>(answer: (request: Request) => Promise<Answer>): void {
  process.on('message', (request: Request) => {
    answer(request).then(
      (found) => process.send!({ answer: found }),
      (error: unknown) => process.send!({ error: error instanceof Error ? error.message : String(error) }),
    );
  });
}
