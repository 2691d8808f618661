import { add, mul, tensor, zerosLike, type Scalar, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Defence, TrainingSettings } from '@retort/contracts';
import type { Random } from '@retort/random';
import { normBall } from '../attacks/norm-ball.js';
import type { Net } from '../nets/net.js';
import { size } from '../nets/plan.js';
import type { RandomStreams } from './checkpoint.js';
import { hardestImages, type Search } from './hardest-images.js';
import { crossEntropyAt, divergenceAt, weightDecay } from './loss.js';

/** What a step trains on. */
export interface Batch {
  /** `[n, ...shape]`, pixels in [0, 1] */
  readonly images: Tensor;
  /** `[n, classes]`, each row a distribution */
  readonly targets: Tensor2D;
}

/** The standard deviation of the noise from which the search of TRADES starts, in the authors' code: at the image itself its gradient is 0. */
const tradesNoise = 0.001;

/**
 * What a step lowers: the cross-entropy at T, or what the defence makes of it, plus the weight decay.
 *
 * The images that a defence needs are looked for at once, by the net with nothing dropped, so that the function given
 * back can be differentiated by the weights without the search.
 *
 * @param progress how many epochs are done once the step is, whole ones and the share of the present one
 */
export function objective(
  net: Net,
  batch: Batch,
  settings: TrainingSettings,
  streams: Pick<RandomStreams, 'dropout' | 'search'>,
  progress: number,
): () => Scalar {
  const fit = fitOf(net, batch, settings, streams, progress);
  const { weight_decay } = settings;
  return weight_decay > 0 ? () => add(fit(), weightDecay(net.outputKernel, weight_decay)) : fit;
}

function fitOf(
  net: Net,
  { images, targets }: Batch,
  { temperature, dropout: rate, defence }: TrainingSettings,
  { dropout, search }: Pick<RandomStreams, 'dropout' | 'search'>,
  progress: number,
): () => Scalar {
  const answer = (to: Tensor) => net.trainingLogits(to, { rate, random: dropout });
  const lossOf = (logits: Tensor2D) => crossEntropyAt(logits, targets, temperature);
  if (!defence) return () => lossOf(answer(images));

  const bounds = searchOf(defence, progress);
  switch (defence.name) {
    case 'pgd': {
      const start = defence.random_start ? ballNoise(images, bounds, search) : zerosLike(images);
      const hardest = hardestImages(images, start, (moved) => lossOf(net.logits(moved)), bounds);
      return () => lossOf(answer(hardest));
    }
    case 'trades': {
      const plain = net.logits(images);
      const change = (moved: Tensor) => divergenceAt(plain, net.logits(moved), temperature);
      const hardest = hardestImages(images, gaussianNoise(images, search), change, bounds);
      return () => {
        const logits = answer(images);
        const divergence = divergenceAt(logits, answer(hardest), temperature);
        return add(lossOf(logits), mul(divergence, defence.beta));
      };
    }
  }
}

/** The ball of a defence at that point of the training. */
function searchOf({ norm, epsilon, step_size, steps, ramp_epochs }: Defence, progress: number): Search {
  const share = progress < ramp_epochs ? progress / ramp_epochs : 1;
  return { norm, epsilon: share * epsilon, stepSize: share * (step_size ?? (2.5 * epsilon) / steps), steps };
}

/** Perturbations drawn uniformly from the ball, one an image. */
function ballNoise(images: Tensor, { norm, epsilon }: Search, random: Random): Tensor {
  const pixels = size(images.shape.slice(1));
  const ball = normBall(norm, epsilon);
  const noise = new Float32Array(images.size);
  for (let first = 0; first < noise.length; first += pixels) noise.set(ball.sample(pixels, random), first);
  return tensor(noise, images.shape);
}

function gaussianNoise(images: Tensor, random: Random): Tensor {
  return tensor(
    Float32Array.from({ length: images.size }, () => tradesNoise * random.normal()),
    images.shape,
  );
}
