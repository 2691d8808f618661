import {
  Dilation2DBackpropInput,
  engine,
  getKernel,
  MaxPoolGrad,
  registerKernel,
  tidy,
  unregisterKernel,
  zeros,
  type MaxPoolGradAttrs,
  type NamedAttrMap,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** What is used of the backend class of tfjs-node 4.22 to run an operation of TensorFlow by its name. */
interface TensorflowBackend {
  readonly binding: { readonly TF_ATTR_TYPE: number; readonly TF_FLOAT: number };
  executeSingleOutput(operation: string, attributes: readonly object[], inputs: readonly Tensor[]): Tensor;
}

/**
 * Gives tfjs-node TensorFlow's gradient of a ReLU, one operation, which TensorFlow.js composes of a step and a product: the kernel
 * `ReluGrad`, from the gradient `dy` by what came out of a ReLU, and from that, `y`, to the gradient by what went in.
 *
 * @param backendName that of tfjs-node, which must be loaded
 */
export function registerReluGradient(backendName: string): void {
  registerKernel({
    kernelName: 'ReluGrad',
    backendName,
    kernelFunc: ({ inputs, backend }) => {
      const { dy, y } = inputs as { dy: Tensor; y: Tensor };
      const tensorflow = backend as TensorflowBackend;
      const { TF_ATTR_TYPE, TF_FLOAT } = tensorflow.binding;
      return tensorflow.executeSingleOutput('ReluGrad', [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }], [dy, y]);
    },
  });
}

/**
 * Takes the gradient of max pooling as that of a greyscale dilation by zeros, which is the same function: to the same bits where
 * windows do not overlap, the first of equal values included, and in half the time of TensorFlow's own on the CPU.
 *
 * @param backendName one that has both
 */
export function registerMaxPoolGradient(backendName: string): void {
  const original = getKernel(MaxPoolGrad, backendName);
  if (!original) throw new Error(`the backend ${backendName} has no kernel ${MaxPoolGrad}`);
  unregisterKernel(MaxPoolGrad, backendName);
  registerKernel({
    ...original,
    kernelFunc: (call) => {
      const { filterSize, strides, pad } = call.attrs as unknown as MaxPoolGradAttrs;
      const { dy, input } = call.inputs as { dy: Tensor; input: Tensor };
      if (pad !== 'valid') return original.kernelFunc(call);
      const [height, width] = typeof filterSize === 'number' ? [filterSize, filterSize] : filterSize;
      const attrs = { strides, pad, dilations: 1 } as unknown as NamedAttrMap;
      return tidy(() => {
        const filter = zeros([height, width, input.shape[3]!]);
        return engine().runKernel<Tensor>(Dilation2DBackpropInput, { x: input, filter, dy }, attrs);
      });
    },
  });
}
