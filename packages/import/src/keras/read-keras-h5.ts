import { parseJson } from '../archive.js';
import { ImportError } from '../import-error.js';
import type { LayerWeight, WeightsByLayer } from '../layers/layer-weights.js';
import { readTopology, type Topology } from '../layers/topology.js';
import { readHdf5, type Hdf5 } from './hdf5.js';

/** The layers and the weights of a net. */
export interface LayersFile {
  readonly topology: Topology;
  readonly weights: WeightsByLayer;
}

/**
 * Reads an .h5 file of a whole net, as Keras 2 and 3 write it.
 *
 * @throws ImportError when it is none
 */
export function readKerasH5(bytes: Uint8Array): Promise<LayersFile> {
  return readHdf5(bytes, 'the .h5 file', (file) => {
    const described = file.attribute('/', 'model_config');
    if (typeof described !== 'string') {
      throw new ImportError(
        'the .h5 file holds no net but at most its weights: save it by model.save, not save_weights',
      );
    }
    const topology = readTopology(parseJson(new TextEncoder().encode(described), 'model_config'));
    const weights = topology.layers.map(({ name }) => [name, weightsOf(file, name)] as const);
    return { topology, weights: new Map(weights) };
  });
}

/** The weights of a layer, in the order of its list of names, such as `conv2d/kernel:0`. */
function weightsOf(file: Hdf5, layer: string): LayerWeight[] {
  const group = `/model_weights/${layer}`;
  const names = file.attribute(group, 'weight_names');
  if (!Array.isArray(names)) return [];
  return names.map(String).map((name) => ({
    name: name.split('/').at(-1)!.replace(/:\d+$/, ''),
    ...file.array(`${group}/${name}`),
  }));
}
