/** Writes a line of the native engine's log format to stderr, the only place where Prisma's CLI looks for reasons. */
export function writeLog(level: 'INFO' | 'ERROR', fields: { message: string } & Record<string, unknown>): void {
  const line = { level, timestamp: new Date().toISOString(), target: 'schema_engine::logger', fields };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
