import { add, matMul, relu, reshape, tanh, tensor1d, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Classifier } from '../../classifier.js';

/** A classifier with its own definition in double precision beside it: the reference for every gradient. */
export interface Analytic extends Classifier {
  /** The logits of one image. */
  logits64(image: readonly number[]): number[];
}

interface Layer {
  /** `inputs x outputs` */
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
}

type Activation = 'tanh' | 'relu';

/** The linear model of the check values, times a scale: four pixels, three classes. */
export function linearModel(scale = 1): Analytic {
  const weights = [
    [1, -0.5, 0.25],
    [-0.75, 1, 0.5],
    [0.5, 0.25, -1],
    [0.2, -0.6, 0.8],
  ];
  return layered([4], 'relu', [
    {
      weights: weights.map((row) => row.map((weight) => scale * weight)),
      bias: [0.1, -0.2, 0.05].map((bias) => scale * bias),
    },
  ]);
}

/** The two images of the check values, both classified correctly by these labels. */
export const linearImages = Float32Array.of(0.2, 0.7, 0.4, 0.5, 0.9, 0.1, 0.3, 0.6);
export const linearLabels = [2, 0];

/**
 * A ReLU net of two pixels a and b, and two classes: the second leads by min(a - 0.7, b - 0.8), so that its region is a
 * quadrant, whose nearest point is known and whose two walls have gradients along one pixel each.
 */
export function cornerNet(): Analytic {
  // min(u, v) = u - relu(u - v), where u = a - 0.7 and v = b - 0.8; u + 1 is above 0.
  return layered([2], 'relu', [
    {
      weights: [
        [1, 1],
        [-1, 0],
      ],
      bias: [0.1, 0.3],
    },
    {
      weights: [
        [0, -1],
        [0, 1],
      ],
      bias: [0, -1],
    },
  ]);
}

/**
 * A net of one hidden layer whose weights follow a formula.
 *
 * @param scale multiplies the logits
 */
export function formulaNet(
  options: {
    inputShape?: readonly number[];
    hidden?: number;
    classes?: number;
    activation?: Activation;
    scale?: number;
  } = {},
): Analytic {
  const { inputShape = [5, 4, 1], hidden = 7, classes = 4, activation = 'tanh', scale = 1 } = options;
  const pixels = inputShape.reduce((product, extent) => product * extent, 1);
  return layered(inputShape, activation, [
    formulaLayer(pixels, hidden, 1, 0.6),
    formulaLayer(hidden, classes, scale, 1.7),
  ]);
}

/** Images that follow a formula, every pixel inside (0, 1). */
export function formulaImages(count: number, { inputShape }: Classifier): Float32Array {
  const pixels = inputShape.reduce((product, extent) => product * extent, 1);
  return Float32Array.from({ length: count * pixels }, (_, at) => 0.5 + 0.45 * Math.sin(1.3 + at * at * 0.37 + at));
}

/** The class of the largest of the double-precision logits of each image, so that every example is clean-correct. */
export function labelsOf(classifier: Analytic, images: Float32Array): number[] {
  const pixels = classifier.inputShape.reduce((product, extent) => product * extent, 1);
  return Array.from({ length: images.length / pixels }, (_, at) => {
    const logits = classifier.logits64(Array.from(images.subarray(at * pixels, (at + 1) * pixels)));
    return logits.indexOf(Math.max(...logits));
  });
}

/** The derivative of a function of many numbers by each, by central differences in double precision. */
export function centralDifferences(
  of: (at: readonly number[]) => number,
  at: readonly number[],
  step = 1e-5,
): number[] {
  return at.map((value, place) => {
    const above = of(at.with(place, value + step));
    const below = of(at.with(place, value - step));
    return (above - below) / (2 * step);
  });
}

function formulaLayer(inputs: number, outputs: number, scale: number, phase: number): Layer {
  const spread = scale * Math.sqrt(6 / inputs);
  return {
    weights: Array.from({ length: inputs }, (_, from) =>
      Array.from({ length: outputs }, (_, to) => spread * Math.sin(phase + 12.9898 * from + 78.233 * to + from * to)),
    ),
    bias: Array.from({ length: outputs }, (_, to) => 0.1 * scale * Math.cos(phase + to)),
  };
}

function layered(inputShape: readonly number[], activation: Activation, layers: readonly Layer[]): Analytic {
  const activate = { tanh, relu }[activation];
  const activate64 = { tanh: Math.tanh, relu: (value: number) => Math.max(value, 0) }[activation];
  return {
    inputShape,
    classes: layers.at(-1)!.bias.length,
    logits: (batch) =>
      tidy(() =>
        layers.reduce<Tensor2D>(
          (values, { weights, bias }, depth) =>
            add<Tensor2D>(
              matMul(depth === 0 ? values : activate(values), tensor2d(weights.flat(), [weights.length, bias.length])),
              tensor1d([...bias]),
            ),
          reshape(batch, [batch.shape[0], -1]),
        ),
      ),
    logits64: (image) =>
      layers.reduce<number[]>(
        (values, { weights, bias }, depth) =>
          bias.map((start, to) =>
            values.reduce(
              (sum, value, from) => sum + (depth === 0 ? value : activate64(value)) * weights[from]![to]!,
              start,
            ),
          ),
        [...image],
      ),
  };
}
