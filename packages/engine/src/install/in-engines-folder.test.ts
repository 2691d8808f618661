import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { inEnginesFolder } from './in-engines-folder.js';

afterEach(() => vi.unstubAllEnvs());

it('names a folder that cannot be written, and the setting that chooses another', async () => {
  // A file has no folders in it, whoever the user is.
  const root = join(import.meta.filename, 'engines');
  vi.stubEnv('RETORT_ENGINES', root);
  const work = vi.fn();
  await expect(inEnginesFolder(() => undefined, work)).rejects.toThrow(
    `The folder of engines ${root} cannot be written by this user (ENOTDIR). Set RETORT_ENGINES`,
  );
  expect(work).not.toHaveBeenCalled();
});
