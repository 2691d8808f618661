import Table from 'cli-table3';
import {
  describeEngines,
  installEngine,
  installWebgpu,
  waysTo,
  type EngineReport,
  type WayOptions,
} from '@retort/engine';

/** Lists the engines of this machine, the preferred first: what each is, or why it is not there and how to get it. */
export async function engines(): Promise<void> {
  const head = ['engine', 'usable', 'versions or reason', 'device or remedy', 'threads', 'self-check', 'images/s *'];
  const colWidths = [15, 8, 32, 40, 9, 12, 12];
  const table = new Table({ head, style: { head: [], border: [] }, wordWrap: true, colWidths });
  for (const report of await describeEngines()) table.push(row(report));
  const note =
    '* training a small convolutional net in batches of 64, on one thread, for a second: to tell engines apart';
  process.stdout.write(`${table.toString()}\n${note}\n`);
}

/** Which build of an engine, and the way to it. */
export type InstallOptions = WayOptions & { readonly gpu?: true };

/** Brings an engine to this machine, and says which way it took. */
export async function install(name: string, { gpu, ...ways }: InstallOptions): Promise<void> {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  if (name === 'webgpu') {
    const { folder, before } = await installWebgpu(print);
    return void print(`${before ? 'It is here already' : 'It is installed'}: in ${folder}`);
  }
  if (name !== 'tfjs-node') {
    throw new Error(`"${name}" is not installed apart: the engines that are, are tfjs-node and webgpu`);
  }
  const again = ways.wheel !== undefined || ways.libtensorflow !== undefined;
  const engine = await installEngine(gpu ? 'tfjs-node-gpu' : 'tfjs-node', waysTo(ways), { again, tell: print });
  print(`${engine.before ? 'It is here already' : 'It is installed'}: ${engine.libtensorflow}, in ${engine.folder}`);
}

function row(report: EngineReport): string[] {
  if (!report.usable) return [report.name, 'no', report.why, report.remedy, '', '', ''];
  const { device, threads, self_check, versions } = report.description;
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const error = self_check.max_relative_error.toExponential(1);
  return [report.name, 'yes', list.join(', '), device, String(threads), error, report.trainingSpeed?.toFixed(0) ?? ''];
}
