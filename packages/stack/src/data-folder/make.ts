import { access, constants, mkdir } from 'node:fs/promises';

/** The data folder cannot be used; the message says why and what would do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/**
 * Makes the data folder where there is none.
 *
 * @throws DataFolderError where this user cannot make it or write in it
 */
export async function makeDataFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new DataFolderError(
      `The data folder ${dataDir} cannot be written by this user (${code ?? message}). ` +
        'Give Retort a folder that this user may write, or let this user write that one.',
      { cause },
    );
  }
}
