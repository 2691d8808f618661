import type { Way } from './way.js';
import { machine } from './ways/machine.js';
import { upstream } from './ways/upstream.js';
import { wheel } from './ways/wheel.js';

/** A way that a person asks for; with a text, the file or the folder to take. */
export interface WayOptions {
  readonly wheel?: string | true;
  readonly libtensorflow?: string | true;
}

/** The ways to an engine in the order in which they are tried: those that were asked for, else all. */
export function waysTo({ wheel: file, libtensorflow: folder }: WayOptions = {}): Way[] {
  const asked: Way[] = [];
  if (file !== undefined) asked.push(wheel(file === true ? undefined : file));
  if (folder !== undefined) asked.push(machine(folder === true ? undefined : folder));
  return asked.length > 0 ? asked : [upstream, wheel(), machine()];
}
