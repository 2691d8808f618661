import { Select, util } from '@tensorflow/tfjs-core';
import { wasmKernel, type Inputs } from './kernel.js';

/**
 * The choice between two tensors of equal shape by a condition of that shape, or of one value a row. tfjs-backend-wasm
 * takes every value for one of four bytes: with bool values it writes over memory that is not its own.
 */
export const select = wasmKernel(Select, (scope, inputs: Inputs<'condition' | 't' | 'e'>) => {
  const { condition, t, e } = inputs;
  if (t.dtype !== 'bool') return scope.run(Select, inputs);
  const out = scope.allocate(t.shape, 'bool');
  const [conditions, yes, no, chosen] = [condition, t, e, out].map((tensor) => scope.values<Uint8Array>(tensor));
  const size = util.sizeFromShape(t.shape);
  const perCondition = size / util.sizeFromShape(condition.shape);
  for (let i = 0; i < size; i++) chosen![i] = (conditions![Math.floor(i / perCondition)] ? yes : no)![i]!;
  return out;
});
