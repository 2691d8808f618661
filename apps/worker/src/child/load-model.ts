import { readFile } from 'node:fs/promises';
import type { ComputeInput, ModelResult } from '@retort/contracts';
import { deployAt, loadNet, withInputNoise, type Classifier, type Net } from '@retort/lab';

export interface LoadedModel {
  /** The net with its own logits; dispose it after use. */
  readonly net: Net;
  /** The net as it is deployed. */
  readonly classifier: Classifier;
  readonly result: ModelResult;
}

/** The net that a parent job made. */
export async function loadModel(input: ComputeInput): Promise<LoadedModel> {
  const result = input.result as ModelResult;
  const net = loadNet(await readFile(input.files.weights!));
  return { net, classifier: deployed(net, result, result.provenance.seed), result };
}

/** A net as it is deployed: its logits divided by a temperature, and noise at its input where there is any. */
export function deployed(
  net: Net,
  { deployment_temperature, input_noise = 0 }: Pick<ModelResult, 'deployment_temperature' | 'input_noise'>,
  seed: number,
): Classifier {
  return withInputNoise(deployAt(net, deployment_temperature), input_noise, seed);
}
