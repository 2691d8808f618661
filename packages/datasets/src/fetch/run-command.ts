import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DatasetError } from '../dataset-error.js';

const execute = promisify(execFile);

/**
 * Runs a program to its end in a folder.
 *
 * @throws DatasetError where it is not there, or fails, with what it said
 */
export async function runCommand(program: string, args: readonly string[], cwd: string): Promise<void> {
  try {
    await execute(program, args, { cwd, maxBuffer: 16 * 1024 * 1024 });
  } catch (cause) {
    const { code, stderr } = cause as { code?: string | number; stderr?: string };
    if (code === 'ENOENT') throw new DatasetError(`this machine has no ${program}`, { cause });
    const said = stderr?.trim().split('\n').slice(-3).join(' ');
    throw new DatasetError(`\`${program} ${args.join(' ')}\` failed: ${said || String(cause)}`, { cause });
  }
}
