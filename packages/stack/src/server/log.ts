import type { BaseLogger } from 'pino';

/** Where the stack tells what it does; a pino logger, or its like. */
export type Log = Pick<BaseLogger, 'info' | 'warn' | 'error'>;
