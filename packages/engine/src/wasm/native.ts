import { readFileSync } from 'node:fs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** A place in the wasm heap, in bytes. */
export type Address = number;

/** The null pointer: an operand that is left out. */
export const NONE: Address = 0;

/** Of a value on it. */
export const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Output channels that its convolutions compute together. */
export const PANEL = 16;

/** What `packages/engine/native` computes in the heap of tfjs-backend-wasm; the C source says what each takes. */
export interface NativeKernels {
  readonly convolve: (...operands: ConvolutionOperands) => void;
  readonly convolve_few: (...operands: ConvolutionOperands) => void;
  readonly add_filter_gradient: (
    x: Address,
    rowSize: number,
    rowStep: number,
    columnStep: number,
    runs: number,
    run: number,
    dy: Address,
    panelSize: number,
    panelStep: number,
    panelRowStep: number,
    height: number,
    width: number,
    dw: Address,
    dwRowSize: number,
    columns: number,
  ) => void;
  readonly add_max_pool_gradient: (
    x: Address,
    dy: Address,
    dx: Address,
    images: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    filterHeight: number,
    filterWidth: number,
    strideHeight: number,
    strideWidth: number,
    top: number,
    left: number,
  ) => void;
  readonly max_pool_gradient_of_pairs: (
    x: Address,
    dy: Address,
    dx: Address,
    images: number,
    height: number,
    width: number,
    channels: number,
  ) => void;
  readonly list_values: (
    x: Address,
    rows: number,
    width: number,
    channels: number,
    starts: Address,
    entries: Address,
  ) => void;
  readonly convolve_sparse: (
    ...operands: [
      starts: Address,
      images: number,
      imageHeight: number,
      imageWidth: number,
      left: number,
      strideDown: number,
      strideAcross: number,
      runs: number,
      run: number,
      channels: number,
      weights: Address,
      weightsSize: number,
      weightsRowSize: number,
      ...target: ConvolutionTarget,
      work: Address,
    ]
  ) => void;
  readonly list_columns: (
    dy: Address,
    dyRowSize: number,
    height: number,
    width: number,
    columns: number,
    rowStep: number,
    columnStep: number,
    starts: Address,
    entries: Address,
  ) => void;
  readonly add_sparse_filter_gradient: (
    x: Address,
    rowSize: number,
    runs: number,
    run: number,
    starts: Address,
    top: number,
    height: number,
    width: number,
    dw: Address,
    dwSize: number,
    dwRowSize: number,
    columns: number,
  ) => void;
  readonly all_finite: (x: Address, count: number) => number;
  readonly count_values: (x: Address, count: number) => number;
  readonly add_rows: (x: Address, rows: number, columns: number, sums: Address) => void;
  readonly lay_panels: (...operands: LayoutOperands) => void;
  readonly lay_columns: (...operands: LayoutOperands) => void;
  readonly frame: (
    x: Address,
    images: number,
    height: number,
    width: number,
    channels: number,
    top: number,
    left: number,
    out: Address,
    outHeight: number,
    outWidth: number,
  ) => void;
}

/** What a convolution adds to its sums, and where it writes them. */
type ConvolutionTarget = [
  bias: Address,
  relu: number,
  out: Address,
  height: number,
  width: number,
  outImageSize: number,
  outRowStep: number,
  outColumnStep: number,
  columns: number,
];

type ConvolutionOperands = [
  x: Address,
  images: number,
  imageSize: number,
  rowSize: number,
  rowStep: number,
  columnStep: number,
  runs: number,
  run: number,
  weights: Address,
  /** From one panel or column to the next, and from one row of a patch to the next within it. */
  weightsSize: number,
  weightsRowSize: number,
  ...target: ConvolutionTarget,
];

type LayoutOperands = [
  from: Address,
  tapsDown: number,
  downStep: number,
  tapsAcross: number,
  acrossStep: number,
  channels: number,
  channelStep: number,
  columns: number,
  columnStep: number,
  out: Address,
];

/** The part of the global that is needed here; its types come with those of browsers only. */
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { env: { memory: object } }) => { readonly exports: unknown };
};

let loaded: { readonly memory: object; readonly kernels: NativeKernels } | undefined;

/** The kernels of our own binary, once they have been loaded. */
export function native(): NativeKernels {
  if (!loaded) throw new Error('the native kernels of the wasm engine have not been loaded: start the engine first');
  return loaded.kernels;
}

/** Loads our binary into the heap of the wasm backend, which must be ready; a backend that was started anew has another. */
export function loadNativeKernels(backend: BackendWasm): void {
  // Emscripten keeps the exports of tfjs's module here, its memory among them; the types do not know it.
  const { memory } = (backend.wasm as unknown as { asm: { memory: object } }).asm;
  if (loaded?.memory === memory) return;
  const binary = readFileSync(new URL('../../native/kernels.wasm', import.meta.url));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  loaded = { memory, kernels: exports as NativeKernels };
}
