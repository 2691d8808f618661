import { Slice, slice_util, util, type SliceAttrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { wasmKernel, type Inputs, type KernelScope } from './kernel.js';

/** A box of a tensor. tfjs-backend-wasm copies the whole tensor first: a batch would cost as much as its data set. */
export const slice = wasmKernel(Slice, (scope, { x }: Inputs<'x'>, { begin, size }: SliceAttrs) => {
  if (x.dtype === 'string') return scope.run(Slice, { x }, { begin, size });
  // Only the shape is read of the tensor.
  const [first, shape] = slice_util.parseSliceParams(x, begin, size);
  slice_util.assertParamsValid(x, first!, shape!);
  return sliceOf(scope, x, first!, shape!);
});

/**
 * The box of a tensor that begins at an index and has a shape.
 *
 * @param begin an index for each axis, of which there is at least one
 * @param shape as long as `begin`; the box lies within the tensor
 */
export function sliceOf(
  scope: KernelScope,
  x: TensorInfo,
  begin: readonly number[],
  shape: readonly number[],
): TensorInfo {
  const out = scope.allocate(shape, x.dtype);
  if (util.sizeFromShape(out.shape) === 0) return out;
  const [source, target] = [scope.values(x), scope.values(out)];
  const strides = [...util.computeStrides(x.shape), 1]; // tfjs leaves out the last one
  // From the axis after this one on, everything is taken: along this axis, the box is one run of memory.
  const cut = Math.max(
    0,
    shape.findLastIndex((length, axis) => length !== x.shape[axis]),
  );
  const run = shape[cut]! * strides[cut]!;
  let at = 0;
  const copy = (axis: number, from: number): void => {
    const start = from + begin[axis]! * strides[axis]!;
    if (axis === cut) {
      target.set(source.subarray(start, start + run), at);
      at += run;
      return;
    }
    for (let index = 0; index < shape[axis]!; index++) copy(axis + 1, start + index * strides[axis]!);
  };
  copy(0, 0);
  return out;
}
