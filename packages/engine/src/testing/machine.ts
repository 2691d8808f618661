import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';

/** A machine for a test: an empty folder, and programs that stand before those of the system. */
export interface Machine {
  readonly folder: string;
  /** Makes a program of a shell script. */
  has(program: string, script: string): Promise<void>;
  /** Leaves only the programs of `has`, and the few that scripts need. */
  hasNothingElse(): void;
}

/** A machine that is there anew for each test. */
export function testMachine(): Machine {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'retort-engines-'));
    await mkdir(join(folder, 'bin'));
    vi.stubEnv('PATH', [join(folder, 'bin'), process.env.PATH].join(delimiter));
    vi.stubEnv('RETORT_ENGINES', join(folder, 'engines'));
    vi.stubEnv('CXX', undefined);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    async has(program, script) {
      const path = join(folder, 'bin', program);
      await writeFile(path, `#!/bin/sh\nset -e\n${script}\n`);
      await chmod(path, 0o755);
    },
    hasNothingElse() {
      vi.stubEnv('PATH', join(folder, 'bin'));
    },
  };
}
