import { backend_util, Sum, util, type SumAttrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { reshaped, wasmKernel, type Inputs, type KernelScope } from './kernel.js';
import { BYTES, native } from './native.js';

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
  if (width === 0) return out;
  const sums = scope.allocate([Math.ceil(width / 4) * 4, Float64Array.BYTES_PER_ELEMENT / BYTES]);
  scope.values(sums).fill(0);
  native().add_rows(scope.address(x), util.sizeFromShape(x.shape) / width, width, scope.address(sums));
  const { buffer, byteOffset } = scope.values(sums);
  scope.values(out).set(new Float64Array(buffer, byteOffset, width));
  return out;
}
