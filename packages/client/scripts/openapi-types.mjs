import { writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

/** Where the types of the API are kept. */
export const typesFile = new URL('../src/openapi.ts', import.meta.url);

/**
 * The types of an OpenAPI document, as TypeScript.
 *
 * @param {object} document
 * @returns {Promise<string>}
 */
export async function openapiTypes(document) {
  const header = '// Made from the OpenAPI document of apps/api by `npm run generate -w @retort/client`.\n\n';
  const types = astToString(await openapiTS(document, { defaultNonNullable: false }));
  return format(header + types, { ...(await resolveConfig(typesFile)), parser: 'typescript' });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { describeApi } = await import('@retort/api');
  await writeFile(typesFile, await openapiTypes(await describeApi()));
}
