import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('../scripts/pin-results.mjs', import.meta.url));

it.runIf(process.arch === 'x64')(
  'the same spec computes what it did, to the last bit, unless SCIENCE_REVISION was raised',
  async () => {
    const { stderr } = await promisify(execFile)(process.execPath, [script, '--check']).catch(
      (error: unknown) => error as { stderr: string },
    );
    expect(stderr).toBe('');
  },
);
