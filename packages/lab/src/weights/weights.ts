import { tensor, tidy } from '@tensorflow/tfjs-core';
import { architectureNamed } from '../nets/architectures.js';
import { assembleNet, type Net } from '../nets/net.js';
import { planNet } from '../nets/plan.js';
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
  tensorNamed,
  type NamedTensor,
} from './safetensors.js';

/** What a file of weights says about its net. */
export interface DecodedWeights {
  readonly architecture: string;
  readonly inputShape: readonly number[];
  readonly classes: number;
  /** Whether the last class is the one that rejects. */
  readonly rejects: boolean;
  readonly tensors: readonly NamedTensor[];
}

/** How the axes of the tensors are ordered, for whoever reads the file in another language. */
const layout = 'conv kernels [height, width, in, out], dense kernels [in, out], images [height, width, channels]';

/** A net's weights as a safetensors file, whose metadata names the architecture, the input shape and the classes. */
export async function encodeWeights(net: Net): Promise<Uint8Array> {
  const tensors = net.parameters.map(async ({ name, variable }) => ({
    name,
    shape: variable.shape,
    values: await variable.data<'float32'>(),
  }));
  return encodeSafetensors(await Promise.all(tensors), {
    architecture: net.architecture,
    input_shape: JSON.stringify(net.inputShape),
    classes: String(net.classes),
    ...(net.rejection !== undefined && { rejection: String(net.rejection) }),
    layout,
  });
}

/**
 * What a file of weights holds; {@link loadNet} makes a net of it.
 *
 * @throws SafetensorsError when it is no safetensors file, does not say which net it is, or holds a number that is not finite
 */
export function decodeWeights(bytes: Uint8Array): DecodedWeights {
  const { tensors, metadata } = decodeSafetensors(bytes);
  for (const key of ['architecture', 'input_shape', 'classes']) {
    if (metadata[key] === undefined) throw new SafetensorsError(`the metadata of a net's weights needs '${key}'`);
  }
  for (const { name, values } of tensors) {
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new SafetensorsError(`value ${wrong} of tensor '${name}' is ${values[wrong]!}, not finite`);
  }
  return {
    architecture: metadata.architecture!,
    inputShape: readInputShape(metadata.input_shape!),
    classes: Number(metadata.classes),
    rejects: readRejection(metadata),
    tensors,
  };
}

/**
 * The net of a file of weights.
 *
 * @throws SafetensorsError when the file is damaged, or a tensor is absent, unknown to the architecture or of another shape
 * @throws RangeError when its architecture is unknown, or does not fit its input shape or number of classes
 */
export function loadNet(bytes: Uint8Array): Net {
  const { architecture: name, inputShape, classes, rejects, tensors } = decodeWeights(bytes);
  const architecture = architectureNamed(name);
  assertNoOther(tensors, planNet(architecture, inputShape, classes).parameters);
  return assembleNet(
    architecture,
    { inputShape, classes, rejects },
    ({ name, shape }) => tensorNamed(tensors, name, shape).values,
  );
}

/**
 * Puts the weights of a file into a net that is there.
 *
 * @throws SafetensorsError when the file is damaged or its tensors are not those of the net; the net is then unchanged
 */
export function restoreWeights(net: Net, bytes: Uint8Array): void {
  const { tensors } = decodeWeights(bytes);
  assertNoOther(tensors, net.parameters);
  const values = net.parameters.map(({ name, variable }) => tensorNamed(tensors, name, variable.shape).values);
  for (const [index, { variable }] of net.parameters.entries()) {
    tidy(() => variable.assign(tensor(values[index]!, variable.shape)));
  }
}

function assertNoOther(tensors: readonly NamedTensor[], known: readonly { name: string }[]): void {
  const names = known.map(({ name }) => name);
  const other = tensors.find(({ name }) => !names.includes(name));
  if (other) throw new SafetensorsError(`tensor '${other.name}' is not of this net, which has ${names.join(', ')}`);
}

function readRejection({ classes, rejection }: Readonly<Record<string, string>>): boolean {
  if (rejection === undefined) return false;
  if (Number(rejection) === Number(classes) - 1) return true;
  throw new SafetensorsError(`'rejection' is the last of the ${classes} classes, not ${rejection}`);
}

function readInputShape(text: string): readonly number[] {
  if (/^\[\d+(,\s*\d+)*\]$/.test(text)) return JSON.parse(text) as number[];
  throw new SafetensorsError(`'input_shape' is a list such as [28,28,1], not ${text}`);
}
