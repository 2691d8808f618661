import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** The database that Prisma's CLI took from `prisma.config.ts`. */
export interface Datasource {
  url?: string;
  shadowDatabaseUrl?: string;
}

/** What Prisma's CLI asks of the engine by its command line. */
export type EngineArguments =
  | { mode: 'version' }
  | { mode: 'database-command'; command: string; datasource: Datasource }
  | { mode: 'json-rpc'; datasource: Datasource; datamodels: [path: string, text: string][] };

/**
 * Reads the command line of the native schema engine.
 *
 * @param argv arguments without node and script, as in `--datamodels a.prisma --datasource '{"url":"…"}' cli create-database`
 * @throws TypeError on an option that the native engine does not know either
 */
export function parseArguments(argv: string[]): EngineArguments {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      version: { type: 'boolean', short: 'V' },
      datasource: { type: 'string' },
      datamodels: { type: 'string', multiple: true },
      'enabled-preview-features': { type: 'string' },
      'extension-types': { type: 'string' },
    },
  });
  if (values.version) return { mode: 'version' };
  const datasource = JSON.parse(values.datasource ?? '{}') as Datasource;
  if (positionals[0] === 'cli') return { mode: 'database-command', command: positionals[1] ?? '', datasource };
  const datamodels = (values.datamodels ?? []).map((path): [string, string] => [path, readFileSync(path, 'utf8')]);
  return { mode: 'json-rpc', datasource, datamodels };
}
