import { io, tidy, util, type Tensor } from '@tensorflow/tfjs-core';
import { loadGraphModelSync, type GraphModel } from '@tensorflow/tfjs-converter';
import { ImportError } from '../import-error.js';
import type { Network } from '../network.js';
import { logitsNode, type GraphNode } from './graph-head.js';
import { registerMissingGradients } from './missing-gradients.js';
import { readModelJson, type ModelFiles } from './read-model-json.js';

/**
 * The net of a zip of a graph model that TensorFlow.js's converter made, without the softmax at its end.
 *
 * @throws ImportError when it is none, or has more than one input or output
 */
export async function loadTfjsGraph(bytes: Uint8Array): Promise<Network> {
  const files = await readModelJson(bytes, 'graph-model');
  registerMissingGradients();
  const model = load(files);
  try {
    const input = only(model.inputs, 'input');
    const output = only(model.outputs, 'output');
    const { name, removed } = logitsNode(nodesOf(files), output.name);
    return {
      inputShape: input.shape?.slice(1).map((extent) => (extent < 0 ? null : extent)),
      outputs: (batch) => tidy(() => model.execute({ [input.name]: batch }, name) as Tensor),
      removed,
      parameterCount: files.weightSpecs
        .filter(({ dtype }) => dtype === 'float32')
        .reduce((count, { shape }) => count + util.sizeFromShape(shape), 0),
      dispose: () => model.dispose(),
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function load({ topology, signature, weightSpecs, weightData }: ModelFiles): GraphModel<io.IOHandlerSync> {
  const artifacts = {
    modelTopology: topology,
    weightSpecs,
    weightData,
    ...(signature !== undefined && { signature }),
  } as io.ModelArtifacts;
  try {
    return loadGraphModelSync(io.fromMemorySync(artifacts));
  } catch (cause) {
    throw new ImportError(`TensorFlow.js cannot load the graph: ${(cause as Error).message}`, { cause });
  }
}

function nodesOf({ topology }: ModelFiles): readonly GraphNode[] {
  return (topology.node ?? []) as readonly GraphNode[];
}

function only<T extends { name: string }>(all: readonly T[], what: 'input' | 'output'): T {
  if (all.length === 1) return all[0]!;
  const names = all.map(({ name }) => name).join(', ') || 'none';
  throw new ImportError(`the graph has ${all.length} ${what}s (${names}), and a classifier has one`);
}
