import {
  add,
  conv2d,
  dispose,
  fill,
  losses,
  matMul,
  mul,
  oneHot,
  relu,
  reshape,
  sub,
  tensor,
  tidy,
  valueAndGrads,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';

const BATCH = 64;
const RATE = 0.01;
/** In which V8 and the backend compile what there is to compile. */
const WARM_UP_MS = 500;
const MEASURED_MS = 1_000;
/** Retort's `compact`, smaller: 28 x 28 pixels, two convolutions 3x3 of stride 2, a dense layer, ten classes. */
const WEIGHTS = [[3, 3, 1, 8], [8], [3, 3, 8, 16], [16], [7 * 7 * 16, 64], [64], [64, 10], [10]];

/**
 * Trains a small net for a second on the current backend: losses, gradients of all weights and a step of descent.
 *
 * A number to tell engines of one machine apart, not a benchmark: `npm run bench` measures.
 *
 * @returns images trained on in a second
 */
export async function trainingSpeed(): Promise<number> {
  const [images, ...weights] = [[BATCH, 28, 28, 1], ...WEIGHTS].map(wave);
  let current = weights;
  const train = async (milliseconds: number): Promise<number> => {
    const start = performance.now();
    let steps = 0;
    do {
      current = await step(images!, current);
      steps += 1;
    } while (performance.now() - start < milliseconds);
    return (steps * BATCH * 1000) / (performance.now() - start);
  };
  await train(WARM_UP_MS);
  const speed = await train(MEASURED_MS);
  dispose([images!, ...current]);
  return speed;
}

/** The weights after a step; those before it are disposed of. */
async function step(images: Tensor, weights: Tensor[]): Promise<Tensor[]> {
  const stepped = tidy(() => {
    const { grads } = valueAndGrads((...at: Tensor[]) => loss(images as Tensor4D, at))(weights);
    return weights.map((weight, index) => sub(weight, mul(grads[index]!, RATE)));
  });
  await stepped[0]!.data(); // a backend may compute only when it is asked
  dispose(weights);
  return stepped;
}

function loss(images: Tensor4D, weights: Tensor[]): Tensor {
  const [filter1, bias1, filter2, bias2, dense1, bias3, dense2, bias4] = weights as [
    Tensor4D,
    Tensor,
    Tensor4D,
    Tensor,
    Tensor2D,
    Tensor,
    Tensor2D,
    Tensor,
  ];
  const first = relu(add<Tensor4D>(conv2d(images, filter1, 2, 'same'), bias1));
  const second = relu(add<Tensor4D>(conv2d(first, filter2, 2, 'same'), bias2));
  const hidden = relu(add<Tensor2D>(matMul(reshape(second, [BATCH, -1]), dense1), bias3));
  const labels = oneHot(fill([BATCH], 3, 'int32'), 10, 1, 0, 'float32');
  return losses.softmaxCrossEntropy(labels, add(matMul(hidden, dense2), bias4));
}

function wave(shape: number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, index) => 0.1 * Math.sin(1 + 1.7 * index)),
    shape,
  );
}
