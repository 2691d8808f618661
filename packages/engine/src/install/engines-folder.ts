import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import type { TensorflowPackage } from '../backends/tensorflow.js';

/**
 * The folder in which `retort engine install` puts engines, apart from node_modules, which `npm ci` empties:
 * `RETORT_ENGINES`, else `retort/engines` in the user's folder of data.
 */
export function enginesFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { RETORT_ENGINES, XDG_DATA_HOME } = environment;
  if (RETORT_ENGINES) return resolve(RETORT_ENGINES);
  return join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'retort', 'engines');
}

/** The name of an engine's folder: engines of another TensorFlow.js or another machine do not get in its way. */
export function engineFolderName(name: TensorflowPackage): string {
  return `${name}-${version_core}-${process.platform}-${process.arch}`;
}

/** The folder of an installed engine; it has its name there only when it is whole. */
export function installedEngine(name: TensorflowPackage): string | undefined {
  const folder = join(enginesFolder(), engineFolderName(name));
  return existsSync(folder) ? folder : undefined;
}
