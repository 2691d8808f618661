import { UnsortedSegmentSum, util, type UnsortedSegmentSumAttrs } from '@tensorflow/tfjs-core';
import { wasmKernel, type Inputs } from './kernel.js';

/**
 * The sums of rows by segment, `out[s] = sum of x[i] where segmentIds[i] = s`: the gradient of gathering rows, which
 * tfjs-backend-wasm lacks. A row whose segment is not within `[0, numSegments)` counts nowhere, as in TensorFlow.
 */
export const unsortedSegmentSum = wasmKernel(
  UnsortedSegmentSum,
  (scope, { x, segmentIds }: Inputs<'x' | 'segmentIds'>, { numSegments }: UnsortedSegmentSumAttrs) => {
    if (x.dtype !== 'float32' || segmentIds.shape.length !== 1) {
      throw new Error(
        `UnsortedSegmentSum on wasm takes float32 values and a vector of segments, not ${x.dtype} values and segments ` +
          `of shape [${segmentIds.shape.join(', ')}]`,
      );
    }
    const out = scope.allocate([numSegments, ...x.shape.slice(1)]);
    const width = util.sizeFromShape(x.shape.slice(1));
    const segments = scope.values<Int32Array>(segmentIds);
    const [values, sums] = [scope.values(x), scope.values(out)];
    sums.fill(0);
    segments.forEach((segment, row) => {
      if (segment < 0 || segment >= numSegments) return;
      for (let column = 0; column < width; column++) sums[segment * width + column]! += values[row * width + column]!;
    });
    return out;
  },
);
