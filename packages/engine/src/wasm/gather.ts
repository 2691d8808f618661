import { backend_util, GatherV2, util, type GatherV2Attrs } from '@tensorflow/tfjs-core';
import { wasmKernel, type Inputs } from './kernel.js';

/** From this many values in a row on, to copy the row costs less than tfjs's loop, which finds each value by its coordinates. */
const VALUES_WORTH_A_COPY = 8;

/**
 * The slices of a tensor at given places of an axis, `out[b, o, i] = x[b, o, indices[b, i]]`. tfjs-backend-wasm goes
 * astray where each example of a batch has places of its own (`batchDims` above 0), and is slow where slices are long.
 */
export const gather = wasmKernel(
  GatherV2,
  (scope, { x, indices }: Inputs<'x' | 'indices'>, { axis, batchDims }: GatherV2Attrs) => {
    const [along] = util.parseAxisParam(axis, x.shape) as [number];
    // Only shapes are read of the tensors.
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } =
      backend_util.segment_util.collectGatherOpShapeInfo(x, indices, along, batchDims);
    if (batchDims === 0 && sliceSize < VALUES_WORTH_A_COPY) {
      return scope.run(GatherV2, { x, indices }, { axis, batchDims });
    }
    const perBatch = util.sizeFromShape(indices.shape) / batchSize;
    const out = scope.allocate(outputShape, x.dtype);
    const places = scope.values<Int32Array>(indices);
    const [values, gathered] = [scope.values(x), scope.values(out)];
    let at = 0;
    for (let batch = 0; batch < batchSize; batch++) {
      for (let outer = 0; outer < outerSize; outer++) {
        for (let i = 0; i < perBatch; i++, at += sliceSize) {
          const place = places[batch * perBatch + i]!;
          if (place < 0 || place >= dimSize)
            throw new RangeError(`GatherV2: the place ${place} is not in [0, ${dimSize})`);
          const from = ((batch * outerSize + outer) * dimSize + place) * sliceSize;
          gathered.set(values.subarray(from, from + sliceSize), at);
        }
      }
    }
    return out;
  },
);
