import {
  _FusedMatMul,
  BatchMatMul,
  Transpose,
  util,
  type _FusedMatMulAttrs,
  type BatchMatMulAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { reshaped, wasmKernel, type Inputs, type KernelScope } from './kernel.js';
import { sliceOf } from './slice.js';

/** Below this many multiplications a matrix, tfjs's own loop over a batch costs less than a call for each matrix. */
const MULTIPLICATIONS_WORTH_A_CALL = 32_768;

const PLAIN: BatchMatMulAttrs = { transposeA: false, transposeB: false };

/**
 * The matrix product. tfjs-backend-wasm has a fast one for two plain matrices only, and slow loops for the rest: here
 * matrices are transposed first and those of a batch multiplied one after the other.
 */
export const batchMatMul = wasmKernel(
  BatchMatMul,
  (scope, inputs: Inputs<'a' | 'b'>, { transposeA, transposeB }: BatchMatMulAttrs) => {
    const a = plain(scope, inputs.a, transposeA);
    const b = plain(scope, inputs.b, transposeB);
    const [rows, inner] = a.shape.slice(-2) as [number, number];
    const columns = b.shape.at(-1)!;
    const batch = batchShape(a, b);
    const worthCalls = rows * inner * columns >= MULTIPLICATIONS_WORTH_A_CALL && inner === b.shape.at(-2);
    if (!batch || util.sizeFromShape(batch) === 1 || !worthCalls) return multiply(scope, a, b);
    return multiplyEach(scope, a, b, [...batch, rows, columns]);
  },
);

/** The matrix product with a bias and an activation. That of tfjs-backend-wasm is wrong where it is to transpose. */
export const fusedMatMul = wasmKernel(
  _FusedMatMul,
  (scope, inputs: Inputs<'a' | 'b'>, { transposeA, transposeB, ...attrs }: _FusedMatMulAttrs) => {
    const a = plain(scope, inputs.a, transposeA);
    const b = plain(scope, inputs.b, transposeB);
    return scope.run(_FusedMatMul, { ...inputs, a, b }, { ...attrs, ...PLAIN });
  },
);

/** The matrices of a tensor as they are to be multiplied. */
function plain(scope: KernelScope, matrices: TensorInfo, transpose: boolean): TensorInfo {
  if (!transpose) return matrices;
  const axes = matrices.shape.map((_, axis) => axis);
  const perm = [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!];
  return scope.run(Transpose, { x: matrices }, { perm });
}

/** The batch of a product whose factors have equal batches, or one of which is a single matrix; else undefined. */
function batchShape(a: TensorInfo, b: TensorInfo): number[] | undefined {
  const [ofA, ofB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  if (util.arraysEqual(ofA, ofB) || util.sizeFromShape(ofB) === 1) return ofA.length >= ofB.length ? ofA : undefined;
  return util.sizeFromShape(ofA) === 1 && ofB.length >= ofA.length ? ofB : undefined;
}

function multiply(scope: KernelScope, a: TensorInfo, b: TensorInfo): TensorInfo {
  return scope.run(BatchMatMul, { a, b }, { ...PLAIN });
}

function multiplyEach(scope: KernelScope, a: TensorInfo, b: TensorInfo, shape: number[]): TensorInfo {
  const out = scope.allocate(shape);
  const size = shape.at(-2)! * shape.at(-1)!;
  const count = util.sizeFromShape(shape) / size;
  for (let index = 0; index < count; index++) {
    scope.apart((part) => {
      const product = multiply(part, matrixAt(part, a, index), matrixAt(part, b, index));
      part.values(out).set(part.values(product), index * size);
    });
  }
  return out;
}

/** The matrix at a place of the batch; a single matrix stands at every place. */
function matrixAt(scope: KernelScope, matrices: TensorInfo, index: number): TensorInfo {
  const [rows, columns] = matrices.shape.slice(-2) as [number, number];
  const count = util.sizeFromShape(matrices.shape) / (rows * columns);
  const flat = reshaped(matrices, [count, rows, columns]);
  if (count === 1) return reshaped(flat, [rows, columns]);
  return reshaped(sliceOf(scope, flat, [index, 0, 0], [1, rows, columns]), [rows, columns]);
}
