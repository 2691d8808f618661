import type { ErrorRegistry } from '@prisma/driver-adapter-utils';

/** An error of the WebAssembly engine, described by the fields that Prisma's CLI reads of one of the native engine. */
export class EngineFailure extends Error {
  override readonly name = 'EngineFailure';

  private constructor(
    message: string,
    readonly fields: { is_panic: boolean; meta: unknown; error_code: string | null },
    cause: unknown,
  ) {
    super(message, { cause });
  }

  /**
   * @param cause what the engine threw; a trap is how a panic of it ends
   * @param errors where the adapter keeps those errors of the database that the engine carries only as a number
   */
  static of(cause: unknown, errors?: ErrorRegistry): EngineFailure {
    if (cause instanceof EngineFailure) return cause;
    const { name, message, code, meta } = cause as { name?: string; message?: string; code?: string; meta?: unknown };
    const isPanic = name === 'RuntimeError';
    const told = isPanic ? globalThis.PRISMA_WASM_PANIC_REGISTRY?.message : numberedError(message, errors)?.message;
    const fields = { is_panic: isPanic, meta: meta ?? null, error_code: code ?? null };
    return new EngineFailure(told || message || String(cause), fields, cause);
  }
}

/** Finds the error that the engine calls "External error id#3". */
function numberedError(message: string | undefined, errors: ErrorRegistry | undefined): Error | undefined {
  const id = /external error id#(\d+)/i.exec(message ?? '')?.[1];
  const error = id === undefined ? undefined : errors?.consumeError(Number(id))?.error;
  return error instanceof Error ? error : undefined;
}
