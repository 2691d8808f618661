import Table from 'cli-table3';
import { describeEngines } from '@retort/engine';

/** Lists the engines of this machine: what each is, or why it is not there and how to get it. */
export async function engines(): Promise<void> {
  const table = new Table({ head: ['engine', 'state', 'how to get it'], style: { head: [], border: [] } });
  for (const engine of await describeEngines()) table.push(describe(engine));
  process.stdout.write(`${table.toString()}\n`);
}
