import {
  getGradient,
  pad,
  registerGradient,
  reshape,
  slice_util,
  StridedSlice,
  zeros,
  type GradConfig,
  type NamedAttrMap,
  type StridedSliceAttrs,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** The ops whose result is a truth value, and the names of their inputs. */
const TRUTH_VALUES: Readonly<Record<string, readonly string[]>> = {
  Greater: ['a', 'b'],
  GreaterEqual: ['a', 'b'],
  Less: ['a', 'b'],
  LessEqual: ['a', 'b'],
  Equal: ['a', 'b'],
  NotEqual: ['a', 'b'],
  LogicalAnd: ['a', 'b'],
  LogicalOr: ['a', 'b'],
  LogicalNot: ['x'],
};

/** A comparison has the derivative 0; converters write an ELU, say, as a choice between two branches. */
const ofTruthValues = Object.entries(TRUTH_VALUES).map(([kernelName, inputs]): GradConfig => ({
  kernelName,
  inputsToSave: [...inputs],
  gradFunc: (_, saved: Tensor[]) =>
    Object.fromEntries(inputs.map((input, at) => [input, () => zeros(saved[at]!.shape)])),
}));

/** A crop, as converters write it: its derivative is put back in its place among zeros. */
const ofStridedSlice: GradConfig = {
  kernelName: StridedSlice,
  inputsToSave: ['x'],
  gradFunc: (dy, saved: Tensor[], attrs: NamedAttrMap) => {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } =
      attrs as unknown as StridedSliceAttrs;
    const { shape } = saved[0]!;
    const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
    const info = slice_util.sliceInfo(shape, begin, end, strides, ...masks);
    if (!info.strides.every((stride) => stride === 1)) {
      throw new Error(`Cannot compute gradient: gradient function not found for ${StridedSlice}WithSteps.`);
    }
    const lengths = info.begin.map((first, axis) => info.end[axis]! - first);
    const margins = info.begin.map((first, axis): [number, number] => [first, shape[axis]! - info.end[axis]!]);
    return { x: () => pad(reshape(dy as Tensor, lengths), margins) };
  },
};

/** Registers the derivatives of ops of graphs that TensorFlow has and TensorFlow.js 4.22 has not, once a process. */
export function registerMissingGradients(): void {
  for (const gradient of [...ofTruthValues, ofStridedSlice]) {
    if (!getGradient(gradient.kernelName)) registerGradient(gradient);
  }
}
