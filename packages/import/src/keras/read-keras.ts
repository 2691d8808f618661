import { parseJson, unpack } from '../archive.js';
import { ImportError } from '../import-error.js';
import type { LayerWeight, WeightsByLayer } from '../layers/layer-weights.js';
import { readTopology, type LayerNode } from '../layers/topology.js';
import { readHdf5, type Hdf5 } from './hdf5.js';
import type { LayersFile } from './read-keras-h5.js';

/**
 * Reads a .keras file of Keras 3: a zip of `config.json` and `model.weights.h5`.
 *
 * @throws ImportError when it is none
 */
export async function readKeras(bytes: Uint8Array): Promise<LayersFile> {
  const files = await unpack(bytes, '.keras');
  const [config, weights] = ['config.json', 'model.weights.h5'].map((name) => {
    const file = files.get(name);
    if (!file) throw new ImportError(`the .keras file has no ${name} in it: save the net by model.save of Keras 3`);
    return file;
  });
  const topology = readTopology(parseJson(config!, 'config.json'));
  return {
    topology,
    weights: await readHdf5(weights!, 'model.weights.h5', (file) => weightsByLayer(file, topology.layers)),
  };
}

/** Keras 3 does not store weights by the names of layers, but by their classes and how many of each came before. */
function weightsByLayer(file: Hdf5, layers: readonly LayerNode[]): WeightsByLayer {
  const counts = new Map<string, number>();
  return new Map(
    layers.map(({ name, className }) => {
      const stem = snakeCase(className);
      const count = counts.get(stem) ?? 0;
      counts.set(stem, count + 1);
      return [name, weightsIn(file, `/layers/${count === 0 ? stem : `${stem}_${count}`}/vars`, name)];
    }),
  );
}

function weightsIn(file: Hdf5, group: string, layer: string): LayerWeight[] {
  const names = file.names(group) ?? [];
  const stored = file.attribute(group, 'name');
  if (stored !== undefined && stored !== layer) {
    throw new ImportError(
      `the weights at ${group} are those of ${JSON.stringify(stored)}, where those of "${layer}" should be`,
    );
  }
  return names.map((_, at) => ({ name: undefined, ...file.array(`${group}/${at}`) }));
}

/** The name of a class as Keras writes it in paths: `MaxPooling2D` is `max_pooling2d`. */
function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
