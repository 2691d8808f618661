import {
  add,
  clone,
  conv2d,
  conv2dTranspose,
  dispose,
  grad,
  matMul,
  maxPool,
  MaxPoolGrad,
  mean,
  mul,
  relu,
  reshape,
  tensor,
  tidy,
  variable,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { Initialisation } from '@retort/contracts';
import type { Classifier } from '../classifier.js';
import { differentiated } from '../gradients/differentiated.js';
import { picked, type Linearisation } from '../gradients/linearisation.js';
import type { Architecture } from './architecture.js';
import { architectureNamed } from './architectures.js';
import { dropoutMask, type Dropout } from './dropout.js';
import { fusedConnection, fusedConvolution, runKernel, throughRelu } from './fused-layers.js';
import { initialWeights } from './initialisation.js';
import {
  planNet,
  size,
  type LayerPlan,
  type NetPlan,
  type ParameterPlan,
  type ResidualPlan,
  type WeightsPlan,
} from './plan.js';

/** A trainable tensor of a net. */
export interface Parameter {
  /** The layer's name and the role, such as `conv1/kernel`. */
  readonly name: string;
  readonly variable: Variable;
}

/** A neural net; `logits` gives what it says in use, with nothing dropped. */
export interface Net extends Classifier {
  /** The name of its architecture. */
  readonly architecture: string;
  /** In the order of the layers, kernel before bias. */
  readonly parameters: readonly Parameter[];
  /** The weights of the layer that gives the logits, without its bias. */
  readonly outputKernel: Variable;
  /** How many numbers its parameters hold. */
  readonly parameterCount: number;
  /**
   * The logits `[n, classes]` of a batch in training; the caller disposes them.
   *
   * @throws RangeError when units are to be dropped, but the architecture has no place for it
   */
  trainingLogits(batch: Tensor, dropout: Dropout): Tensor2D;
  /** Frees the parameters; the net cannot be used after it. */
  dispose(): void;
}

/**
 * A net with random weights.
 *
 * @param architecture its name, or its layers
 * @param inputShape of one example, such as `[28, 28, 1]`
 * @param classes the number of logits, at least 2
 * @param rejects whether the last of the classes is the one by which the net rejects an image as an outlier
 * @param temperature the softmax temperature T at which it will be trained; it scales the last layer where `output_scale` asks so
 * @param seed the same seed gives the same weights, bit for bit
 * @throws RangeError for an unknown architecture, or an input that is too small for it
 */
export function createNet(options: {
  architecture: string | Architecture;
  inputShape: readonly number[];
  classes: number;
  rejects?: boolean;
  initialisation: Initialisation;
  temperature: number;
  seed: number;
}): Net {
  const { inputShape, classes, initialisation, temperature, seed } = options;
  const architecture =
    typeof options.architecture === 'string' ? architectureNamed(options.architecture) : options.architecture;
  const outputScale = initialisation.output_scale === 'temperature' ? temperature : 1;
  const weightsOf = (plan: ParameterPlan, isOutput: boolean) =>
    initialWeights(plan, initialisation.name, { seed, scale: isOutput ? outputScale : 1 });
  return assembleNet(architecture, { inputShape, classes, rejects: options.rejects }, weightsOf);
}

/** A net whose parameters hold what `weightsOf` gives for each. */
export function assembleNet(
  architecture: Architecture,
  { inputShape, classes, rejects = false }: { inputShape: readonly number[]; classes: number; rejects?: boolean },
  weightsOf: (plan: ParameterPlan, isOutput: boolean) => Float32Array,
): Net {
  const plan = planNet(architecture, inputShape, classes);
  const { kernelPlan, biasPlan } = plan.output;
  const weights = plan.parameters.map((each) => weightsOf(each, each === kernelPlan || each === biasPlan));
  return new LayeredNet(architecture.name, inputShape, classes, rejects ? classes - 1 : undefined, plan, weights);
}

class LayeredNet implements Net {
  readonly parameters: readonly Parameter[];
  readonly parameterCount: number;
  readonly outputKernel: Variable;
  readonly #variables: ReadonlyMap<string, Variable>;

  constructor(
    readonly architecture: string,
    readonly inputShape: readonly number[],
    readonly classes: number,
    readonly rejection: number | undefined,
    readonly plan: NetPlan,
    weights: readonly Float32Array[],
  ) {
    this.parameters = plan.parameters.map(({ name, shape }, index) => ({
      name,
      variable: tidy(() => variable(tensor(weights[index]!, [...shape]))),
    }));
    this.parameterCount = plan.parameters.reduce((count, { shape }) => count + size(shape), 0);
    this.#variables = new Map(this.parameters.map(({ name, variable }) => [name, variable]));
    this.outputKernel = this.#variables.get(plan.output.kernelPlan.name)!;
  }

  logits(batch: Tensor): Tensor2D {
    return this.#forward(batch);
  }

  trainingLogits(batch: Tensor, dropout: Dropout): Tensor2D {
    if (dropout.rate === 0) return this.#forward(batch);
    if (!this.plan.layers.some(({ kind }) => kind === 'dropout')) {
      throw new RangeError(`${this.architecture} has no place for dropout, so its rate must be 0, not ${dropout.rate}`);
    }
    return this.#forward(batch, dropout);
  }

  linearise(batch: Tensor): Linearisation {
    const { layers } = this.plan;
    // The batch and what each layer makes of it; beside that, what lies within a residual block. Last, the logits.
    const values = tidy(() => {
      const made: Tensor[][] = [[clone(batch)]];
      for (const layer of layers) {
        const [input] = made.at(-1) as [Tensor];
        made.push(layer.kind === 'residual' ? this.#addBranch(input as Tensor4D, layer) : [this.#apply(layer, input)]);
      }
      return [...made, [this.#output(made.at(-1)![0]!)]];
    });
    return {
      logits: values.at(-1)![0] as Tensor2D,
      pull: (weights, of) =>
        tidy(() => {
          const kernel = this.outputKernel as Tensor as Tensor2D;
          return layers.reduceRight<Tensor>(
            (gradient, layer, at) => {
              const [output, inner] = values[at + 1]!;
              const kept = { input: values[at]![0]!, output: output!, inner: inner as Tensor4D, of };
              const pulled = tidy(() => this.#pull(layer, kept, gradient));
              // Its memory serves the next layer while it is still in the cache.
              if (pulled !== gradient) gradient.dispose();
              return pulled;
            },
            matMul(weights, kernel, false, true),
          );
        }),
      dispose: () => dispose(values),
    };
  }

  dispose(): void {
    for (const { variable } of this.parameters) variable.dispose();
  }

  #forward(batch: Tensor, dropout?: Dropout): Tensor2D {
    return tidy(() => {
      const features = this.plan.layers.reduce((input, layer) => this.#apply(layer, input, dropout), batch);
      return this.#output(features);
    });
  }

  #output(features: Tensor): Tensor2D {
    const { kernelPlan, biasPlan } = this.plan.output;
    return add(matMul(features as Tensor2D, this.#variable(kernelPlan)), this.#variable(biasPlan));
  }

  #apply(layer: LayerPlan, input: Tensor, dropout?: Dropout): Tensor {
    switch (layer.kind) {
      case 'conv':
        return this.#convolve(input as Tensor4D, layer, { ...layer, activation: 'relu' });
      case 'residual':
        return this.#addBranch(input as Tensor4D, layer)[0];
      case 'max-pool':
        return maxPool(input as Tensor4D, layer.size, layer.size, 'valid');
      case 'global-average-pool':
        return mean(input, [1, 2]);
      case 'flatten':
        return reshape(input, [input.shape[0], -1]);
      case 'dense':
        return fusedConnection({
          a: input as Tensor2D,
          b: this.#variable<Tensor2D>(layer.kernelPlan),
          bias: this.#variable(layer.biasPlan),
        });
      case 'dropout':
        return dropout ? mul(input, tensor(dropoutMask(input.size, dropout), input.shape)) : input;
    }
  }

  /** From the gradient by a layer's output to that by its input, for images at some places of the batch that it was given. */
  #pull(
    layer: LayerPlan,
    { input, output, inner, of }: { input: Tensor; output: Tensor; inner: Tensor4D; of: readonly number[] },
    gradient: Tensor,
  ): Tensor {
    const shape = [of.length, ...input.shape.slice(1)];
    // The derivative of a ReLU, which is known by what it let through.
    const pullThroughRelu = (by: Tensor, made: Tensor) => throughRelu(by, picked(made, of));
    switch (layer.kind) {
      case 'conv':
        return this.#pullConvolution(layer.kernelPlan, pullThroughRelu(gradient, output), { ...layer, shape });
      case 'dense':
        return matMul(pullThroughRelu(gradient, output), this.#variable(layer.kernelPlan), false, true);
      case 'flatten':
        return reshape(gradient, shape);
      case 'dropout':
        return gradient;
      case 'residual': {
        const { stride, first, second, shortcutPlan } = layer;
        const sum = pullThroughRelu(gradient, output);
        const within = { stride: 1, padding: 'same', shape: [of.length, ...inner.shape.slice(1)] } as const;
        const byInner = pullThroughRelu(this.#pullConvolution(second.kernelPlan, sum, within), inner);
        const across = { stride, padding: 'same', shape } as const;
        const kept = shortcutPlan ? this.#pullConvolution(shortcutPlan, sum, across) : sum;
        return add(kept, this.#pullConvolution(first.kernelPlan, byInner, across));
      }
      case 'max-pool': {
        const inputs = { dy: gradient, input: picked(input, of), output: picked(output, of) };
        const { size } = layer;
        return runKernel(MaxPoolGrad, inputs, { filterSize: size, strides: size, pad: 'valid' });
      }
      case 'global-average-pool':
        return differentiated(() => grad((values) => this.#apply(layer, values))(picked(input, of), gradient));
    }
  }

  #pullConvolution(
    kernelPlan: ParameterPlan,
    gradient: Tensor,
    { shape, stride, padding }: { shape: readonly number[]; stride: number; padding: 'valid' | 'same' },
  ): Tensor4D {
    const filter = this.#variable<Tensor4D>(kernelPlan);
    return conv2dTranspose(gradient as Tensor4D, filter, [...shape] as Tensor4D['shape'], stride, padding);
  }

  #convolve(
    x: Tensor4D,
    { kernelPlan, biasPlan }: WeightsPlan,
    window: { stride: number; padding: 'valid' | 'same'; activation: 'relu' | 'linear' },
  ): Tensor4D {
    return fusedConvolution(
      { x, filter: this.#variable<Tensor4D>(kernelPlan), bias: this.#variable(biasPlan) },
      window,
    );
  }

  /** What a residual block makes, and what its first convolution does. */
  #addBranch(input: Tensor4D, { stride, first, second, shortcutPlan }: ResidualPlan): [Tensor4D, Tensor4D] {
    const inner = this.#convolve(input, first, { stride, padding: 'same', activation: 'relu' });
    const branch = this.#convolve(inner, second, { stride: 1, padding: 'same', activation: 'linear' });
    const kept = shortcutPlan ? conv2d(input, this.#variable<Tensor4D>(shortcutPlan), stride, 'same') : input;
    return [relu(add<Tensor4D>(kept, branch)), inner];
  }

  #variable<T extends Tensor = Tensor>(plan: ParameterPlan): T {
    return this.#variables.get(plan.name)! as Tensor as T;
  }
}
