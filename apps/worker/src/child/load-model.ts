import { readFile } from 'node:fs/promises';
import type { ComputeInput, ModelResult } from '@retort/contracts';
import { deployAt, loadNet, type Classifier, type Net } from '@retort/lab';

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
  return { net, classifier: deployAt(net, result.deployment_temperature), result };
}
