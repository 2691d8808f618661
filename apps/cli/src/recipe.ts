import { readdir, readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { suggest } from '@retort/contracts';
import { parse } from 'yaml';

const folder = new URL('../../../recipes/', import.meta.url);

/**
 * A spec: one of the recipes by its name, a JSON or YAML file by its path, or standard input by `-`.
 *
 * @throws Error that names the recipes where there is no such one
 */
export async function readRecipe(nameOrPath: string): Promise<unknown> {
  if (nameOrPath === '-') return parseSpec(await text(process.stdin), 'standard input');
  const isPath = /\.(json|ya?ml)$/.test(nameOrPath);
  const location = isPath ? nameOrPath : new URL(`${nameOrPath}.json`, folder);
  const spec = await readFile(location, 'utf8').catch(async (cause: NodeJS.ErrnoException) => {
    const names = (await readdir(folder)).map((file) => file.replace(/\.json$/, ''));
    const hint = isPath ? 'use the path of a JSON or YAML file, or the name of a recipe' : suggest(nameOrPath, names);
    throw new Error(`there is no recipe ${nameOrPath}: ${hint}`, { cause });
  });
  return parseSpec(spec, nameOrPath);
}

/** What begins as an object of JSON is read as that, so that an error in it is told in its terms. */
function parseSpec(spec: string, from: string): unknown {
  const isJson = from.endsWith('.json') || spec.trimStart().startsWith('{');
  try {
    return isJson ? (JSON.parse(spec) as unknown) : parse(spec);
  } catch (cause) {
    throw new Error(`${from} is not ${isJson ? 'JSON' : 'YAML'}: ${(cause as Error).message}`, { cause });
  }
}
