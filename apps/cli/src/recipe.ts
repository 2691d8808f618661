import { readdir, readFile } from 'node:fs/promises';
import { suggest } from '@retort/contracts';

const folder = new URL('../../../recipes/', import.meta.url);

/**
 * A spec: one of the recipes by its name, or a JSON file by its path.
 *
 * @throws Error that names the recipes where there is no such one
 */
export async function readRecipe(nameOrPath: string): Promise<unknown> {
  const isPath = nameOrPath.endsWith('.json');
  const location = isPath ? nameOrPath : new URL(`${nameOrPath}.json`, folder);
  const text = await readFile(location, 'utf8').catch(async (cause: NodeJS.ErrnoException) => {
    const names = (await readdir(folder)).map((file) => file.replace(/\.json$/, ''));
    const hint = isPath ? 'use the path of a JSON file, or the name of a recipe' : suggest(nameOrPath, names);
    throw new Error(`there is no recipe ${nameOrPath}: ${hint}`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${nameOrPath} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
