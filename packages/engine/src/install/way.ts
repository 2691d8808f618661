import type { TensorflowPackage } from '../backends/tensorflow.js';

export type WayName = 'upstream' | 'wheel' | 'machine';

/** Where an engine is being made. */
export interface Site {
  readonly name: TensorflowPackage;
  /** The future engine: tfjs-node's JavaScript and C++ are there, its addon and libtensorflow are not. */
  readonly folder: string;
  /** Where downloads lie until the engine stands, so that a run that broke does not fetch them twice. */
  readonly downloads: string;
  /** Told in sentences what is tried and what has come. */
  readonly tell: (message: string) => void;
}

/** A way to a libtensorflow and an addon on it. */
export interface Way {
  readonly name: WayName;
  /** As a message calls it. */
  readonly title: string;
  /**
   * Puts the addon to its place.
   *
   * @returns what libtensorflow it is on, as a clause
   * @throws WayClosed
   */
  take(site: Site): Promise<string>;
}

/** A way is not open on this machine; the message says what is missing and what would be right. */
export class WayClosed extends Error {
  override readonly name = 'WayClosed';
}
