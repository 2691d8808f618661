import type { io } from '@tensorflow/tfjs-core';
import { parseJson, unpack } from '../archive.js';
import { ImportError } from '../import-error.js';

/** The parts of a model that TensorFlow.js saved. */
export interface ModelFiles {
  readonly topology: Readonly<Record<string, unknown>>;
  readonly signature: unknown;
  readonly weightSpecs: io.WeightsManifestEntry[];
  readonly weightData: ArrayBuffer;
}

/**
 * Reads a zip of `model.json` and the files of weights that it names, in any one folder.
 *
 * @param format the `format` that `model.json` must state, if it states one
 * @throws ImportError when a part is absent or of another format
 */
export async function readModelJson(bytes: Uint8Array, format: 'layers-model' | 'graph-model'): Promise<ModelFiles> {
  const files = await unpack(bytes, `tfjs ${format}`);
  const path = [...files.keys()].find((name) => name === 'model.json' || name.endsWith('/model.json'));
  if (path === undefined) throw new ImportError(`the zip has no model.json in it, but ${[...files.keys()].join(', ')}`);
  const model = parseJson(files.get(path)!, path) as Partial<io.ModelJSON> | null;
  if (typeof model?.modelTopology !== 'object' || !Array.isArray(model.weightsManifest)) {
    throw new ImportError(`${path} needs "modelTopology" and "weightsManifest", as TensorFlow.js saves them`);
  }
  if (model.format !== undefined && model.format !== format) {
    throw new ImportError(
      `${path} is a ${model.format}: import it as ${format === 'layers-model' ? 'tfjs-graph' : 'tfjs-layers'}`,
    );
  }
  const shards = model.weightsManifest
    .flatMap(({ paths }) => paths)
    .map((name) => {
      const shard = files.get(path.replace(/model\.json$/, '') + name);
      if (!shard) throw new ImportError(`${path} names the weights ${name}, which the zip does not have`);
      return shard;
    });
  const weightSpecs = model.weightsManifest.flatMap(({ weights }) => weights);
  return {
    topology: model.modelTopology as Readonly<Record<string, unknown>>,
    signature: model.signature ?? (model.userDefinedMetadata as { signature?: unknown } | undefined)?.signature,
    weightSpecs,
    weightData: Uint8Array.from(Buffer.concat(shards)).buffer,
  };
}
