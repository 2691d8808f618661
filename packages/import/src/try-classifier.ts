import { grad, memory, mul, slice, sum, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Classifier } from '@retort/lab';
import { Random } from '@retort/random';
import { ImportError } from './import-error.js';

/** How far an image's logits may lie from those that it gets alone, relative to the largest. */
const TOLERANCE = 1e-4;

/**
 * Puts a few images through a classifier, and the gradient back, so that what cannot be attacked is refused at once.
 *
 * @param outputs the outputs themselves, where they may still be probabilities
 * @throws ImportError when an op or its gradient is missing, the shapes are not those of a classifier, a number is not
 *   finite, an image's logits depend on the other images, or the outputs are probabilities
 */
export async function tryClassifier(
  classifier: Classifier,
  outputs: ((batch: Tensor) => Tensor) | undefined,
): Promise<void> {
  const before = memory().numTensors;
  const images = trialImages(classifier.inputShape);
  try {
    const [shape, together] = await computed(() => classifier.logits(images));
    assertFinite(together, 'logits');
    if (outputs) assertNoProbabilities((await computed(() => outputs(images)))[1]);
    assertIndependent((await computed(() => classifier.logits(slice(images, 0, 1))))[1], together);
    const weights = Array.from(together, (_, at) => Math.cos(at));
    const [, gradient] = await computed(() =>
      grad((batch: Tensor) => sum(mul(classifier.logits(batch), tensor(weights, shape))))(images),
    );
    assertFinite(gradient, 'input gradient');
  } finally {
    images.dispose();
  }
  const left = memory().numTensors - before;
  if (left !== 0) throw new ImportError(`the net leaves ${left} tensors behind each time that it is used`);
}

/** The shape and the values of a result, which is freed. */
async function computed(compute: () => Tensor): Promise<[number[], Float32Array]> {
  const result = named(() => tidy(compute));
  try {
    return [result.shape, await result.data<'float32'>()];
  } finally {
    result.dispose();
  }
}

/** Black, white, grey and noise. */
function trialImages(inputShape: readonly number[]): Tensor {
  const random = Random.stream(0, 'import');
  const pixels = inputShape.reduce((product, extent) => product * extent, 1);
  const flat = [0, 1, 0.5].flatMap((value) => Array<number>(pixels).fill(value));
  const noise = Array.from({ length: 5 * pixels }, () => random.uniform());
  return tensor([...flat, ...noise], [8, ...inputShape]);
}

/** Says which op is at fault, where TensorFlow.js does. */
function named<T>(compute: () => T): T {
  try {
    return compute();
  } catch (cause) {
    if (cause instanceof ImportError) throw cause;
    const message = (cause as Error).message;
    const op = /gradient function not found for (\w+)/.exec(message)?.[1];
    if (op) throw new ImportError(`the net uses ${op}, whose gradient TensorFlow.js does not have`, { cause });
    const [, kernel, backend] = /Kernel '(\w+)' not registered for backend '(\w+)'/.exec(message) ?? [];
    if (kernel) {
      throw new ImportError(`the net uses ${kernel}, which the engine ${backend} cannot compute`, { cause });
    }
    throw new ImportError(`the net cannot be computed: ${message}`, { cause });
  }
}

function assertFinite(values: ArrayLike<number>, what: string): void {
  const wrong = Array.prototype.find.call(values, (value: number) => !Number.isFinite(value)) as number | undefined;
  if (wrong !== undefined) {
    throw new ImportError(
      `the ${what} of a trial image holds ${wrong}: are the pixels scaled as the net expects them?`,
    );
  }
}

/** Random numbers, or batch normalisation in training mode, would make an attack fail for no merit of the net. */
function assertIndependent(alone: Float32Array, together: ArrayLike<number>): void {
  const scale = alone.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);
  if (alone.every((value, at) => Math.abs(value - together[at]!) <= TOLERANCE * scale)) return;
  throw new ImportError(
    'an image gets other logits alone than among others: the net draws random numbers or normalises by the batch; save it in inference mode',
  );
}

function assertNoProbabilities(outputs: Float32Array): void {
  if (!outputs.every((value) => value >= 0 && value <= 1)) return;
  throw new ImportError(
    'every output lies in [0, 1], so that they look like probabilities, and the softmax or sigmoid that made them was not ' +
      'found at the end of the net. An attack needs logits: the gradient of a saturated softmax is 0 in float32, and the ' +
      'net would look robust without being so. Save the net without its last activation',
  );
}
