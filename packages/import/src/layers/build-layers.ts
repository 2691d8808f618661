import { tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { models, type LayersModel } from '@tensorflow/tfjs-layers';
import { ImportError } from '../import-error.js';
import type { Network } from '../network.js';
import type { LayerWeight, WeightsByLayer } from './layer-weights.js';
import { removeHead, type PlacedLayer } from './remove-head.js';
import type { Topology } from './topology.js';
import { translateLayer } from './translate-layer.js';

type Json = Parameters<typeof models.modelFromJSON>[0];

/**
 * The net of a description and its weights, computed by TensorFlow.js's layers without the softmax at its end.
 *
 * @throws ImportError when a layer cannot be imported, or its weights are absent or of other shapes
 */
export async function buildLayers(topology: Topology, weights: WeightsByLayer): Promise<Network> {
  const placed = topology.layers.map((layer): PlacedLayer => ({
    ...(layer.className === 'InputLayer'
      ? { className: 'InputLayer', config: { batch_input_shape: [null, ...topology.inputShape] }, weights: [] }
      : translateLayer(layer)),
    name: layer.name,
    uses: layer.uses,
  }));
  const { layers, removed } = removeHead(placed, topology.output);
  const model = await assemble(layers, topology);
  try {
    for (const [index, layer] of layers.entries()) setWeights(model, index, layer, weights.get(layer.name) ?? []);
  } catch (error) {
    disposeWeights(model);
    throw error;
  }
  return {
    inputShape: topology.inputShape,
    outputs: (batch) => tidy(() => model.apply(batch, { training: false }) as Tensor),
    removed,
    parameterCount: [...weights.values()].flat().reduce((count, { values }) => count + values.length, 0),
    dispose: () => disposeWeights(model),
  };
}

async function assemble(layers: readonly PlacedLayer[], topology: Topology): Promise<LayersModel> {
  // Renamed, since TensorFlow.js does not allow every name that Keras does.
  const names = new Map(layers.map(({ name }, index) => [name, `layer_${index}`]));
  const reference = ({ layer, use }: { layer: string; use: number }) => [names.get(layer), use, 0];
  const described = layers.map((layer) => ({
    class_name: layer.className,
    name: names.get(layer.name),
    config: { ...layer.config, ...zeroWeights(layer), name: names.get(layer.name) },
    inbound_nodes: layer.uses.filter((use) => use.length > 0).map((use) => use.map((each) => [...reference(each), {}])),
  }));
  const config = {
    name: 'imported',
    layers: described,
    input_layers: [reference(topology.input)],
    output_layers: [reference(topology.output)],
  };
  try {
    return await models.modelFromJSON({ class_name: 'Model', config } as unknown as Json);
  } catch (cause) {
    throw new ImportError(`the layers of the net do not fit together: ${(cause as Error).message}`, { cause });
  }
}

/** The model's own `dispose` counts the uses of a layer, and leaves the weights of one that is used twice. */
function disposeWeights(model: LayersModel): void {
  for (const weight of model.weights) weight.dispose();
}

/** Random weights would take time, and are replaced at once. */
function zeroWeights({ weights }: PlacedLayer): Record<string, unknown> {
  const kernels = weights.flatMap((names) => names?.[0] ?? []).filter((name) => name.endsWith('kernel'));
  const initializers = kernels.map((name) => `${name.replace(/_kernel$/, '')}_initializer`);
  return Object.fromEntries(initializers.map((name) => [name, { class_name: 'Zeros', config: {} }]));
}

function setWeights(model: LayersModel, index: number, layer: PlacedLayer, found: readonly LayerWeight[]): void {
  const expected = layer.weights.filter((names) => names !== null);
  if (found.length !== expected.length) {
    const names = expected.map(([first]) => first).join(', ') || 'none';
    throw new ImportError(
      `"${layer.name}" needs ${expected.length} weights (${names}), and the file has ${found.length}`,
    );
  }
  if (found.length === 0) return;
  const target = model.getLayer(`layer_${index}`);
  tidy(() => {
    const left = [...found];
    const values = target.getWeights().map((initial, at) => {
      const names = layer.weights[at]!;
      return names ? checkedWeight(left.shift()!, names, initial.shape, layer.name) : initial;
    });
    target.setWeights(values);
  });
}

function checkedWeight(found: LayerWeight, names: readonly string[], shape: readonly number[], layer: string): Tensor {
  const label = `the weight ${names[0]} of "${layer}"`;
  if (found.name !== undefined && !names.includes(found.name)) {
    throw new ImportError(`the file has ${found.name}, where ${label} should be`);
  }
  if (String(shape) !== String(found.shape)) {
    throw new ImportError(`${label} has the shape [${found.shape.join(', ')}], not [${shape.join(', ')}]`);
  }
  const wrong = found.values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new ImportError(`${label} holds ${wrong}, which is not finite`);
  return tensor(found.values, [...shape]);
}
