import { readFile } from 'node:fs/promises';
import type { ComputeInput, Imported, ModelResult, OutputFile } from '@retort/contracts';
import { importModel } from '@retort/import';
import { deployAt, loadNet, withInputNoise, type Classifier } from '@retort/lab';

/** A net as the jobs use it, whether Retort trained it or not. */
export interface FinishedNet extends Classifier {
  /** The name of its architecture, or the format of the file that it was imported from. */
  readonly architecture: string;
  readonly parameterCount: number;
  /** What is needed to load its file again, where it was imported. */
  readonly imported?: Imported;
  dispose(): void;
}

export interface LoadedModel {
  /** The net with its own logits; dispose it after use. */
  readonly net: FinishedNet;
  /** The net as it is deployed. */
  readonly classifier: Classifier;
  /** The file of its weights. */
  readonly weights: OutputFile;
  readonly result: ModelResult;
}

/** The net that a parent job made or imported. */
export async function loadModel(input: ComputeInput): Promise<LoadedModel> {
  const result = input.result as ModelResult;
  const path = input.files.weights!;
  const net = result.imported ? await loadImported(path, result.imported) : loadNet(await readFile(path));
  const weights = result.imported ? importedWeights(path) : netWeights(path);
  return { net, classifier: deployed(net, result, result.provenance.seed), weights, result };
}

/** A net as it is deployed: its logits divided by a temperature, and noise at its input where there is any. */
export function deployed(
  net: Classifier,
  { deployment_temperature, input_noise = 0 }: Pick<ModelResult, 'deployment_temperature' | 'input_noise'>,
  seed: number,
): Classifier {
  return withInputNoise(deployAt(net, deployment_temperature), input_noise, seed);
}

/**
 * The net of an uploaded file.
 *
 * @throws ImportError when it is none that can be attacked
 */
export async function loadImported(path: string, imported: Omit<Imported, 'removed'>): Promise<FinishedNet> {
  const { format, input, input_shape: inputShape, classes } = imported;
  const model = await importModel({ format, bytes: await readFile(path), input, inputShape, classes });
  const { removed } = model;
  return {
    ...model,
    architecture: format,
    imported: { format, input, input_shape: [...inputShape], classes, removed },
  };
}

/** The weights of a net of Retort, as a file to be kept. */
export function netWeights(path: string): OutputFile {
  return { name: 'weights', path, media_type: 'application/vnd.safetensors' };
}

/** The uploaded file of an imported net, as a file to be kept. */
export function importedWeights(path: string): OutputFile {
  return { name: 'weights', path, media_type: 'application/octet-stream' };
}
