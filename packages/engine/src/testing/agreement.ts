import '@tensorflow/tfjs';
import {
  AvgPool,
  backend,
  dispose,
  enableProdMode,
  engine,
  getGradient,
  grads,
  memory,
  mul,
  registerGradient,
  setBackend,
  sum,
  tensor,
  tidy,
  unregisterGradient,
  type NamedAttrMap,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { registerAveragePoolGradient } from '../average-pool-gradient.js';

// Keeps the plain JavaScript backend from advising to install another.
enableProdMode();

/** The engine under test, and its backend: wasm, or the one that `RETORT_ENGINE` names. */
export const TESTED_ENGINE = process.env.RETORT_ENGINE || 'wasm';
export const TESTED = TESTED_ENGINE.startsWith('tfjs-node') ? 'tensorflow' : TESTED_ENGINE;

/** The gradient of tfjs-core, which is right with the kernel of TensorFlow and wrong with that of the reference. */
const averagePoolGradient = getGradient(AvgPool);

/** How far a backend may be from the plain JavaScript backend, relative to the largest value of a tensor. */
export const TOLERANCE = 1e-5;

/** A tensor that belongs to no backend. */
export interface Values {
  readonly shape: readonly number[];
  readonly dtype: TensorInfo['dtype'];
  readonly values: readonly number[];
}

/** Values between -1 and 1 without a pattern that an error could hide in. */
export function wave(shape: readonly number[], phase = 0): Values {
  const size = shape.reduce((product, length) => product * length, 1);
  return of(
    shape,
    Array.from({ length: size }, (_, index) => Math.sin(phase + 1.7 * index)),
  );
}

export function of(shape: readonly number[], values: readonly number[], dtype: Values['dtype'] = 'float32'): Values {
  return { shape, dtype, values };
}

/** What a function gives on one backend; the backend must hold no more tensors after it than before. */
export async function computedOn(
  name: string,
  inputs: readonly Values[],
  compute: (...tensors: Tensor[]) => Tensor[],
): Promise<Values[]> {
  await setBackend(name);
  if (TESTED === 'tensorflow') correctAveragePool(name);
  const before = held();
  // A tensor that is handed through as its own result is one of the inputs: it is disposed of once.
  const tensors = inputs.map(({ values, shape, dtype }) => tensor([...values], [...shape], dtype));
  const computed = tidy(() => compute(...tensors));
  const results: Values[] = [];
  for (const result of computed) results.push(of(result.shape, [...(await result.data())], result.dtype));
  dispose([...new Set([...tensors, ...computed])]);
  expect(held(), `tensors on ${name}`).toEqual(before);
  return results;
}

/** Gives average pooling the gradient that is right on a backend. */
function correctAveragePool(name: string): void {
  if (name !== 'tensorflow') {
    registerAveragePoolGradient();
    return;
  }
  unregisterGradient(AvgPool);
  registerGradient(averagePoolGradient);
}

function held(): { tensors: number; buffers: number } {
  return { tensors: memory().numTensors, buffers: backend().numDataIds() };
}

/** Expects the same of a backend as of plain JavaScript: shapes, dtypes, NaN for NaN, and values within the tolerance. */
export async function expectAgreement(
  inputs: readonly Values[],
  compute: (...tensors: Tensor[]) => Tensor | Tensor[],
  backend = TESTED,
): Promise<void> {
  const all = (...tensors: Tensor[]): Tensor[] => [compute(...tensors)].flat();
  const [computed, known] = [await computedOn(backend, inputs, all), await computedOn('cpu', inputs, all)];
  expect(computed.length).toBe(known.length);
  known.forEach((reference, index) => expectClose(computed[index]!, reference));
}

export function expectClose(computed: Values, known: Values): void {
  expect([computed.shape, computed.dtype]).toEqual([known.shape, known.dtype]);
  expect(computed.values.map(Number.isNaN)).toEqual(known.values.map(Number.isNaN));
  expect(relativeError(computed.values, known.values)).toBeLessThanOrEqual(TOLERANCE);
}

/** The largest difference, relative to the largest known value; NaN counts as no difference from NaN. */
export function relativeError(computed: readonly number[], known: readonly number[]): number {
  const scale = known.reduce((largest, value) => (Math.abs(value) > largest ? Math.abs(value) : largest), 0);
  return known.reduce((worst, value, index) => {
    const difference = Math.abs(value - computed[index]!);
    return difference > 0 ? Math.max(worst, difference / (scale || 1)) : worst;
  }, 0);
}

/** The value of a function and the gradients of a fixed weighting of that value by each of its inputs. */
export function withGradients(compute: (...tensors: Tensor[]) => Tensor): (...tensors: Tensor[]) => Tensor[] {
  return (...tensors) => {
    const value = compute(...tensors);
    const { values, shape } = wave(value.shape, 0.9);
    const weights = tensor([...values], [...shape]);
    return [value, ...grads((...inputs) => sum(mul(compute(...inputs), weights)))(tensors)];
  };
}

/** The result of one kernel of the current backend, called as TensorFlow.js calls it. */
export function runKernel(name: string, inputs: Record<string, Tensor>, attrs: object = {}): Tensor {
  return engine().runKernel(name, inputs, attrs as NamedAttrMap);
}
