import { io, dispose } from '@tensorflow/tfjs-core';
import { ImportError } from '../import-error.js';
import type { LayersFile } from '../keras/read-keras-h5.js';
import type { LayerWeight } from '../layers/layer-weights.js';
import { readTopology } from '../layers/topology.js';
import { readModelJson } from './read-model-json.js';

/**
 * Reads a zip of a layers model that TensorFlow.js or its converter saved.
 *
 * @throws ImportError when it is none
 */
export async function readTfjsLayers(bytes: Uint8Array): Promise<LayersFile> {
  const { topology: saved, weightSpecs, weightData } = await readModelJson(bytes, 'layers-model');
  const topology = readTopology(saved.model_config ?? saved);
  const weights = new Map<string, LayerWeight[]>(topology.layers.map(({ name }) => [name, []]));
  const tensors = io.decodeWeights(weightData, weightSpecs);
  try {
    for (const { name } of weightSpecs) {
      // Such as `conv2d/kernel`, or, of a net that is named too, `sequential/conv2d/kernel`.
      const [weight, layer] = name.split('/').reverse();
      const list = weights.get(layer ?? '');
      if (!list) throw new ImportError(`the weight ${name} is of no layer of the net`);
      const { shape, dtype } = tensors[name]!;
      if (dtype !== 'float32') throw new ImportError(`the weight ${name} is of type ${dtype}, not float32`);
      list.push({ name: weight, shape, values: tensors[name]!.dataSync<'float32'>() });
    }
  } finally {
    dispose(tensors);
  }
  return { topology, weights };
}
