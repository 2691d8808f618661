import type { Architecture as ArchitectureName } from '@retort/contracts';
import type { Architecture } from './architecture.js';
import { compact } from './compact.js';
import { lenet } from './lenet.js';
import { papernotMnist } from './papernot-mnist.js';

/** The architectures that a spec can name. */
export const architectures: Readonly<Record<ArchitectureName, Architecture>> = {
  'papernot-mnist': papernotMnist,
  lenet,
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
