// Makes the client's types from the API's own OpenAPI document: part of every build, after the API is compiled.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import { describeApi } from '@retort/api';

const file = new URL('../src/openapi.ts', import.meta.url);
const types = astToString(await openapiTS(await describeApi(), { defaultNonNullable: false }));

// An unchanged file keeps its time, so that nothing is compiled again for it.
const before = await readFile(file, 'utf8').catch((error) => {
  if (error.code !== 'ENOENT') throw error;
});
if (types !== before) await writeFile(file, types);
