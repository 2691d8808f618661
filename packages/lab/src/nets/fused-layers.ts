import {
  _FusedMatMul,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  engine,
  FusedConv2D,
  getBackend,
  getKernel,
  matMul,
  mul,
  registerGradient,
  step,
  sum,
  type FusedConv2DAttrs,
  type NamedAttrMap,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';

type Activation = 'relu' | 'linear';

const RELU_GRAD = 'ReluGrad';

/**
 * A convolution with its bias and activation in one kernel, under gradients too.
 *
 * `fused.conv2d` of TensorFlow.js takes them one by one where a gradient is wanted, and where there is no activation, computes
 * the gradients of all its inputs, wanted or not.
 *
 * @param x `[n, height, width, in]`
 * @param filter `[height, width, in, out]`
 * @param bias `[out]`
 */
export function fusedConvolution(
  { x, filter, bias }: { x: Tensor4D; filter: Tensor4D; bias: Tensor },
  { stride, padding, activation }: { stride: number; padding: 'valid' | 'same'; activation: Activation },
): Tensor4D {
  const attrs = { strides: stride, pad: padding, dataFormat: 'NHWC', dilations: [1, 1], activation };
  return runKernel(FusedConv2D, { x, filter, bias }, attrs) as Tensor4D;
}

/**
 * A full connection with its bias and a ReLU in one kernel, under gradients too.
 *
 * @param a `[n, in]`
 * @param b `[in, out]`
 * @param bias `[out]`
 */
export function fusedConnection(inputs: { a: Tensor2D; b: Tensor2D; bias: Tensor }): Tensor2D {
  return runKernel(_FusedMatMul, inputs, { transposeA: false, transposeB: false, activation: 'relu' }) as Tensor2D;
}

// TensorFlow.js knows gradients of its own fused ops only, not of the kernels that they call.
registerGradient({
  kernelName: FusedConv2D,
  inputsToSave: ['x', 'filter'],
  outputsToSave: [true],
  gradFunc: (dy, saved, attrs) => {
    const [x, filter, y] = saved as [Tensor4D, Tensor4D, Tensor4D];
    const { strides, pad, activation } = attrs as unknown as FusedConv2DAttrs;
    const inner = throughActivation(dy as Tensor, y, activation as Activation);
    const window = { strides, pad, dataFormat: 'NHWC' };
    return {
      x: () => runKernel(Conv2DBackpropInput, { dy: inner, filter }, { ...window, inputShape: x.shape }),
      filter: () => runKernel(Conv2DBackpropFilter, { x, dy: inner }, { ...window, filterShape: filter.shape }),
      bias: () => sum<Tensor1D>(inner, [0, 1, 2]),
    };
  },
});

registerGradient({
  kernelName: _FusedMatMul,
  inputsToSave: ['a', 'b'],
  outputsToSave: [true],
  gradFunc: (dy, saved) => {
    const [a, b, y] = saved as [Tensor2D, Tensor2D, Tensor2D];
    const inner = throughActivation(dy as Tensor, y, 'relu');
    return {
      a: () => matMul(inner, b, false, true),
      b: () => matMul(a, inner, true, false),
      bias: () => sum<Tensor1D>(inner, 0),
    };
  },
});

/** The gradient by what went into an activation, from that by what came out of it. */
function throughActivation(dy: Tensor, y: Tensor, activation: Activation): Tensor {
  return activation === 'relu' ? throughRelu(dy, y) : dy;
}

/**
 * The gradient by what went into a ReLU, from that by what came out of it: by one kernel where the engine has one, which TensorFlow.js
 * itself knows nothing of.
 */
export function throughRelu(dy: Tensor, y: Tensor): Tensor {
  return getKernel(RELU_GRAD, getBackend()) ? runKernel(RELU_GRAD, { dy, y }, {}) : mul(dy, step(y));
}

/** Runs a kernel of the backend by its name, with its gradient where one is wanted. */
export function runKernel(kernel: string, inputs: Record<string, Tensor>, attrs: Record<string, unknown>): Tensor {
  return engine().runKernel(kernel, inputs, attrs as unknown as NamedAttrMap);
}
