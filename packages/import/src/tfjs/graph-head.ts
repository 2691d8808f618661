import type { RemovedHead } from '../network.js';

/** What is read of a node of a TensorFlow graph. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
}

const HEADS: Readonly<Record<string, RemovedHead>> = {
  Softmax: 'softmax',
  LogSoftmax: 'log_softmax',
  Sigmoid: 'sigmoid',
};

/** Ops that give what they get. */
const PASSING = new Set(['Identity', 'StopGradient', 'PreventGradient']);

/**
 * The node whose output is the logits: what the softmax or sigmoid at the end of a graph takes in.
 *
 * @param output the name of the node at the end, with or without the number of its output
 */
export function logitsNode(nodes: readonly GraphNode[], output: string): { name: string; removed: RemovedHead } {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  let at = output;
  for (;;) {
    const node = byName.get(at.replace(/:0$/, ''));
    const source = node?.input?.[0];
    if (!node || source === undefined) break;
    const removed = HEADS[node.op];
    if (removed) return { name: source, removed };
    if (!PASSING.has(node.op)) break;
    at = source;
  }
  return { name: output, removed: 'none' };
}
