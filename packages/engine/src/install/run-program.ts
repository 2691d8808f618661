import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';
import { WayClosed } from './way.js';

interface ProgramOptions {
  readonly cwd?: string;
  /** Folders in which the programs that it calls are searched first. */
  readonly path?: string;
  /** After how many milliseconds it is ended. */
  readonly limit?: number;
}

/**
 * Runs a program to its end.
 *
 * @returns what it printed
 * @throws WayClosed where it is not there, or fails, with the last lines of what it said
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, path, limit }: ProgramOptions = {},
): Promise<string> {
  const env = path === undefined ? process.env : { ...process.env, PATH: [path, process.env.PATH].join(delimiter) };
  const child = spawn(program, args, { cwd, env, timeout: limit, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const [code, signal] = await closed.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new WayClosed(`this machine has no ${program}`, { cause: error });
    throw error;
  });
  if (code === 0) return printed;
  const end = signal ? `was ended by ${signal}` : `failed with code ${code}`;
  const complaint = complaintIn(said);
  throw new WayClosed(`\`${program} ${args.slice(0, 3).join(' ')}\` ${end}${complaint ? `: ${complaint}` : ''}`);
}

/** The lines in which a program says what is wrong, else its last ones. */
function complaintIn(said: string): string {
  const lines = said.trim().split('\n');
  const errors = lines.filter((line) => /\berror\b/i.test(line)).slice(0, 3);
  return (errors.length > 0 ? errors : lines.slice(-3)).join(' ').replaceAll(/\s+/g, ' ').trim();
}

/** Whether a program is there and answers; any failure means that it is of no use. */
export async function answers(program: string, args: readonly string[]): Promise<boolean> {
  return runProgram(program, args).then(
    () => true,
    (error: unknown) => {
      if (error instanceof WayClosed) return false;
      throw error;
    },
  );
}
