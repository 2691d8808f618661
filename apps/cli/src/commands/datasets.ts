import { join } from 'node:path';
import Table from 'cli-table3';
import { datasetCatalogue, datasetNames, suggest } from '@retort/contracts';
import { DatasetError, fetchDataset, isFetchable, readPublished } from '@retort/datasets';
import type { CliSettings } from '../settings.js';

/** Lists the published datasets, and whether this machine has all of their bytes. */
export async function listDatasets({ datasetFolder, dataFolder }: CliSettings): Promise<void> {
  const head = ['dataset', 'images', 'shape', 'licence', 'on this machine'];
  const table = new Table({ head, style: { head: [], border: [] }, wordWrap: true, colWidths: [15, 16, 14, 26, 60] });
  for (const name of datasetNames) {
    const { train, test, shape, licence } = datasetCatalogue[name];
    const here = await readPublished(name, { folder: datasetFolder, cache: cacheOf(dataFolder) }).then(
      () => 'yes, every file with its published sha256',
      (error: unknown) => {
        if (error instanceof DatasetError) return `no: ${error.message}`;
        throw error;
      },
    );
    table.push([name, `${train} + ${test}`, shape.join(' x '), licence, here]);
  }
  process.stdout.write(`${table.toString()}\n`);
}

/** Brings a published dataset to this machine. */
export async function fetchPublished({ datasetFolder, dataFolder }: CliSettings, name: string): Promise<void> {
  const known = datasetNames.find((candidate) => candidate === name);
  if (!known) throw new Error(`there is no dataset "${name}": ${suggest(name, datasetNames)}`);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  if (!isFetchable(known)) {
    print(`${known} comes with Retort: nothing is to be fetched`);
    return;
  }
  const cache = cacheOf(dataFolder);
  const brought = await fetchDataset(known, { folder: datasetFolder, cache }, print);
  print(brought.length > 0 ? `${known} is in ${join(cache, known)}` : `${known} is here already`);
}

/** Where fetched datasets lie; the worker looks at the same place. */
function cacheOf(dataFolder: string): string {
  return join(dataFolder, 'datasets');
}
