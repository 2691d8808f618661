import type { NumberArray } from '../arrays/npy-values.js';

/** An array under the name by which a message calls it. */
export interface NamedArray extends NumberArray {
  readonly name: string;
}
