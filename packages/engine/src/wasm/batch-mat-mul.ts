import {
  _FusedMatMul,
  BatchMatMul,
  Transpose,
  util,
  type _FusedMatMulAttrs,
  type BatchMatMulAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { wasmKernel, type Inputs, type KernelScope } from './kernel.js';
import { BYTES, type Address } from './native.js';
import { addFilterGradient, slide, type Finish, type Images, type Window } from './window.js';

/** Below this many multiplications a matrix, tfjs's own loop over a batch costs less than a call for each matrix. */
const MULTIPLICATIONS_WORTH_A_CALL = 32_768;

const PLAIN: BatchMatMulAttrs = { transposeA: false, transposeB: false };

/**
 * The matrix product. tfjs-backend-wasm still takes it for batches of small matrices, and for batches of which neither
 * equals the other nor is one matrix.
 */
export const batchMatMul = wasmKernel(
  BatchMatMul,
  (scope, { a, b }: Inputs<'a' | 'b'>, { transposeA, transposeB }: BatchMatMulAttrs) => {
    const sizes = sizesOf(a, b, transposeA, transposeB);
    const batch = batchShape(a, b);
    const count = batch ? util.sizeFromShape(batch) : Infinity;
    if (!batch || (count > 1 && sizes.rows * sizes.inner * sizes.columns < MULTIPLICATIONS_WORTH_A_CALL)) {
      return scope.run(BatchMatMul, { a: plain(scope, a, transposeA), b: plain(scope, b, transposeB) }, { ...PLAIN });
    }
    const second = transposeA ? plain(scope, b, transposeB) : b;
    const out = scope.allocate([...batch, sizes.rows, sizes.columns]);
    if (transposeA || sizes.inner === 0) scope.values(out).fill(0);
    for (let index = 0; index < count; index++) {
      scope.apart((part) => {
        const [from, to] = [addressAt(part, a, index), addressAt(part, out, index)];
        if (transposeA) addTransposedProduct(part, from, addressAt(part, second, index), sizes, to);
        else multiply(part, from, addressAt(part, b, index), { ...sizes, transposeB }, to);
      });
    }
    return out;
  },
);

/**
 * The matrix product with a bias and an activation: the same numbers as one after the other. tfjs-backend-wasm still
 * takes the activations other than ReLU; its kernel is wrong where it is to transpose.
 */
export const fusedMatMul = wasmKernel(
  _FusedMatMul,
  (scope, inputs: Inputs<'a' | 'b'> & { bias?: TensorInfo }, attrs: _FusedMatMulAttrs) => {
    const { b, bias } = inputs;
    const { transposeB, activation } = attrs;
    const a = plain(scope, inputs.a, attrs.transposeA);
    const sizes = sizesOf(a, b, false, transposeB);
    const batch = batchShape(a, b);
    const single = batch && util.sizeFromShape(batch) === 1;
    const biased = !bias || util.sizeFromShape(bias.shape) === sizes.columns;
    if (!single || !biased || sizes.inner === 0 || (activation !== 'linear' && activation !== 'relu')) {
      return scope.run(_FusedMatMul, { ...inputs, a, b: plain(scope, b, transposeB) }, { ...attrs, ...PLAIN });
    }
    const out = scope.allocate([...batch, sizes.rows, sizes.columns]);
    const finish = { bias, relu: activation === 'relu' };
    multiply(scope, scope.address(a), scope.address(b), { ...sizes, transposeB }, scope.address(out), finish);
    return out;
  },
);

/** The sizes of a product of two matrices. */
interface Sizes {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

function sizesOf(a: TensorInfo, b: TensorInfo, transposeA: boolean, transposeB: boolean): Sizes {
  const [ofA, ofB] = [a.shape.slice(-2), b.shape.slice(-2)] as [number, number][];
  return {
    rows: ofA![transposeA ? 1 : 0],
    inner: ofA![transposeA ? 0 : 1],
    columns: ofB![transposeB ? 0 : 1],
  };
}

/** `a b`: a convolution of an image with one row, whose pixels are the rows of a. */
function multiply(
  scope: KernelScope,
  a: Address,
  b: Address,
  { rows, inner, columns, transposeB }: Sizes & { readonly transposeB: boolean },
  out: Address,
  finish?: Finish,
): void {
  const weights = {
    address: b,
    downStep: 0,
    acrossStep: 0,
    channelStep: transposeB ? 1 : columns,
    columnStep: transposeB ? inner : 1,
    columns,
  };
  const target = { address: out, imageStep: 0, rowStep: 0, columnStep: columns };
  slide(scope, rowOfPixels(a, rows, inner), eachPixel(rows), weights, target, finish);
}

/** Adds `a^T b` to `out`: the gradient of the filter of such a convolution. */
function addTransposedProduct(
  scope: KernelScope,
  a: Address,
  b: Address,
  { rows, inner, columns }: Sizes,
  out: Address,
): void {
  addFilterGradient(scope, rowOfPixels(a, inner, rows), eachPixel(inner), { address: b, columns }, out);
}

function rowOfPixels(address: Address, width: number, channels: number): Images {
  return { address, count: 1, height: 1, width, channels };
}

function eachPixel(width: number): Window {
  return { top: 0, left: 0, tapsDown: 1, tapsAcross: 1, strideDown: 1, strideAcross: 1, height: 1, width };
}

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

/** Where the matrix at a place of the batch begins; a single matrix stands at every place. */
function addressAt(scope: KernelScope, matrices: TensorInfo, index: number): Address {
  const [rows, columns] = matrices.shape.slice(-2) as [number, number];
  const single = util.sizeFromShape(matrices.shape) === rows * columns;
  return scope.address(matrices) + (single ? 0 : index * rows * columns * BYTES);
}
