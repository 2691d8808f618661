import Table from 'cli-table3';
import { describeEngines, installEngine, waysTo, type EngineReport, type WayOptions } from '@retort/engine';

/** Lists the engines of this machine, the preferred first: what each is, or why it is not there and how to get it. */
export async function engines(): Promise<void> {
  const head = ['engine', 'usable', 'device or reason', 'threads', 'self-check', 'versions or remedy'];
  const table = new Table({ head, style: { head: [], border: [] }, wordWrap: true, colWidths: [15, 8, 32, 9, 12, 50] });
  for (const report of await describeEngines()) table.push(row(report));
  process.stdout.write(`${table.toString()}\n`);
}

/** Brings an engine to this machine, and says which way it took. */
export async function install(name: string, { gpu, ...ways }: WayOptions & { gpu?: true }): Promise<void> {
  if (name !== 'tfjs-node') throw new Error(`"${name}" is not installed apart: the engine that is, is tfjs-node`);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const again = ways.wheel !== undefined || ways.libtensorflow !== undefined;
  const engine = await installEngine(gpu ? 'tfjs-node-gpu' : 'tfjs-node', waysTo(ways), { again, tell: print });
  print(`${engine.before ? 'It is here already' : 'It is installed'}: ${engine.libtensorflow}, in ${engine.folder}`);
}

function row(report: EngineReport): string[] {
  if (!report.usable) return [report.name, 'no', report.why, '', '', report.remedy];
  const { device, threads, self_check, versions } = report.description;
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [report.name, 'yes', device, String(threads), self_check.max_relative_error.toExponential(1), list.join(', ')];
}
