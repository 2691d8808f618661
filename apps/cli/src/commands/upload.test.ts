import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSettings } from '../settings.js';
import { upload } from './upload.js';

const settings = readSettings({ RETORT_DATA: join(tmpdir(), 'retort-nowhere') });

it.each([
  ['/no/such.npz', '/no/such.npz cannot be read (ENOENT): name a file'],
  [tmpdir(), `${tmpdir()} is no file: name one`],
  [import.meta.filename, 'no Retort runs here: start one with `retort up`'],
])('says what is missing to send %s', async (path, message) => {
  await expect(upload(settings, path)).rejects.toThrow(message);
});
