import type { Architecture as ArchitectureName } from '@retort/contracts';
import type { Architecture } from './architecture.js';
import { compact } from './compact.js';
import { lenet, lenet300100, lenetCaffe } from './lenet.js';
import { madryMnist } from './madry-mnist.js';
import { papernotCifar } from './papernot-cifar.js';
import { papernotMnist } from './papernot-mnist.js';
import { resnet8 } from './resnet-8.js';

/** The architectures that a spec can name. */
export const architectures: Readonly<Record<ArchitectureName, Architecture>> = {
  'papernot-mnist': papernotMnist,
  'papernot-cifar': papernotCifar,
  'madry-mnist': madryMnist,
  lenet,
  'lenet-caffe': lenetCaffe,
  'lenet-300-100': lenet300100,
  'resnet-8': resnet8,
  compact,
};

/**
 * The architecture of this name.
 *
 * @throws RangeError for an unknown name; the message lists those known
 */
export function architectureNamed(name: string): Architecture {
  const found = Object.values(architectures).find((architecture) => architecture.name === name);
  if (found) return found;
  throw new RangeError(`no architecture is called '${name}'; there are ${Object.keys(architectures).join(', ')}`);
}
