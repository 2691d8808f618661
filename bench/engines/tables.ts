import { markdownTable } from '../measuring/markdown.js';
import { ratioOf, short, spreadOf, written } from '../measuring/spread.js';
import { benchNets, type BenchNet } from './nets.js';
import { BATCH, OPERATIONS, type Operation } from './operations.js';

/** How fast one contestant was, in every round. */
export interface Rate {
  readonly net: BenchNet;
  readonly operation: Operation;
  readonly contestant: string;
  readonly imagesPerSecond: readonly number[];
}

const BASE = 'PyTorch, 1 thread';
const TITLES: Record<Operation, string> = { train: 'train', gradient: 'input gradient', forward: 'forward' };

/** A table a net, with the ratio to PyTorch on one thread where it took part; then wasm against tfjs-node. */
export function enginesTables(rates: readonly Rate[], missing: readonly string[], processorTime = false): string {
  const nets = [...new Set(rates.map(({ net }) => net))];
  const tables = nets.map((net) => {
    const own = rates.filter((rate) => rate.net === net);
    return `### Net ${net}: ${benchNets[net].name}\n\n${netTable(own)}`;
  });
  const native = ratioTable(rates, 'wasm', 'tfjs-node');
  if (native) tables.push(`### wasm against tfjs-node\n\n${native}`);
  if (missing.length > 0) tables.push(`Not measured:\n\n${missing.map((each) => `- ${each}`).join('\n')}`);
  const second = processorTime ? 'a second of the processor' : 'a second';
  return `Batches of ${BATCH}, images ${second}; in brackets the quartiles of the ratios.\n\n${tables.join('\n\n')}`;
}

function netTable(rates: readonly Rate[]): string {
  const names = [...new Set(rates.map(({ contestant }) => contestant))];
  const hasBase = names.includes(BASE);
  const head = OPERATIONS.flatMap((operation) => [TITLES[operation], ...(hasBase ? [`of ${BASE}`] : [])]);
  const rows = names.map((name) => [
    name,
    ...OPERATIONS.flatMap((operation) => {
      const own = repeats(rates, name, operation);
      const rate = short(spreadOf(own).median);
      if (!hasBase) return [rate];
      return [rate, name === BASE ? '1' : written(ratioOf(own, repeats(rates, BASE, operation)))];
    }),
  ]);
  return markdownTable(['', ...head], rows);
}

/** One contestant's rate over another's, or undefined where one of them is absent. */
function ratioTable(rates: readonly Rate[], name: string, base: string): string | undefined {
  const names = new Set(rates.map(({ contestant }) => contestant));
  if (!names.has(name) || !names.has(base)) return undefined;
  const nets = [...new Set(rates.map(({ net }) => net))];
  const rows = nets.map((net) => {
    const own = rates.filter((rate) => rate.net === net);
    return [net, ...OPERATIONS.map((each) => written(ratioOf(repeats(own, name, each), repeats(own, base, each))))];
  });
  return markdownTable(['net', ...OPERATIONS.map((each) => TITLES[each])], rows);
}

function repeats(rates: readonly Rate[], name: string, operation: Operation): readonly number[] {
  return rates.find((rate) => rate.contestant === name && rate.operation === operation)!.imagesPerSecond;
}
