import { backend_util, Sum, util, type SumAttrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { reshaped, wasmKernel, type Inputs, type KernelScope } from './kernel.js';

/**
 * The sum over axes. A sum over the leading axes, as in the gradient of a bias, is taken as it lies in memory, in double
 * precision; tfjs-backend-wasm would transpose first. It still takes the others.
 */
export const sum = wasmKernel(Sum, (scope, { x }: Inputs<'x'>, { axis, keepDims }: SumAttrs) => {
  const axes = util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
  const leading = axes.length < x.shape.length && axes.every((value, index) => value === index);
  if (!leading || axes.length === 0 || x.dtype !== 'float32') return scope.run(Sum, { x }, { axis, keepDims });
  const total = sumOfRows(scope, x, x.shape.slice(axes.length));
  return keepDims ? reshaped(total, backend_util.expandShapeToKeepDim(total.shape, axes)) : total;
});

function sumOfRows(scope: KernelScope, x: TensorInfo, shape: number[]): TensorInfo {
  const out = scope.allocate(shape);
  const width = util.sizeFromShape(shape);
  const total = new Float64Array(width);
  const values = scope.values(x);
  let at = 0;
  // Four rows at a time touch each sum once.
  for (; at + 4 * width <= values.length; at += 4 * width) {
    for (let column = 0, i = at; column < width; column++, i++) {
      total[column]! += values[i]! + values[i + width]! + values[i + 2 * width]! + values[i + 3 * width]!;
    }
  }
  for (let i = at; i < values.length; i++) total[i % width]! += values[i]!;
  scope.values(out).set(total);
  return out;
}
