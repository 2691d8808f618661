import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Classifier } from '../classifier.js';
import type { BackwardPass } from '../gradients/backward.js';
import { exactGradients } from '../gradients/exact-gradients.js';
import { lossGradients } from '../gradients/loss-gradients.js';
import { outputGradients } from '../gradients/output-gradients.js';
import { rows } from '../gradients/rows.js';
import { lossValues } from '../losses/loss-values.js';
import type { Loss } from '../losses/loss.js';
import { largestLogits, predictLabels } from '../predict.js';
import { isFooled, type Example } from './example.js';

/** What one pass through the classifier said of an example's present image. */
export interface Answer {
  readonly example: Example;
  /** Whether the present image is adversarial. */
  readonly fooled: boolean;
  /** One number a pixel; all 0 where it was not finite. */
  readonly gradient: Float32Array;
}

/**
 * The classifier as an attack meets it: every pass is counted on the examples that it served, and stops when cancelled.
 *
 * The images are the examples' own, at most a batch of them.
 */
export class Victim {
  readonly classes: number;
  readonly #classifier: Classifier;
  readonly #batchSize: number;
  readonly #signal: AbortSignal | undefined;

  constructor(classifier: Classifier, batchSize: number, signal?: AbortSignal) {
    this.classes = classifier.classes;
    this.#classifier = classifier;
    this.#batchSize = batchSize;
    this.#signal = signal;
  }

  /** The examples whose present image is not adversarial yet; one forward pass. */
  async unfooled(examples: readonly Example[]): Promise<Example[]> {
    if (examples.length === 0) return [];
    this.#signal?.throwIfAborted();
    const predicted = await predictLabels(this.#classifier, images(examples), examples.length, this.#batchSize);
    for (const example of examples) example.forwards++;
    return examples.filter((example, at) => !isFooled(example, predicted[at]!));
  }

  /** The direction in which each image becomes more adversarial: up the loss of its label, or down that of its target. */
  async ascents(examples: readonly Example[], loss: Loss): Promise<Answer[]> {
    if (examples.length === 0) return [];
    this.#signal?.throwIfAborted();
    const pass = await lossGradients(this.#classifier, images(examples), examples.map(aim), loss);
    return this.#answers(examples, pass).map(towardsTarget);
  }

  /** The same for the cross-entropy at T with the exact gradient, up to its magnitude; one forward pass more. */
  async exactAscents(examples: readonly Example[], temperature: number): Promise<Answer[]> {
    if (examples.length === 0) return [];
    this.#signal?.throwIfAborted();
    const { logits, directions } = await exactGradients(
      this.#classifier,
      images(examples),
      examples.map(aim),
      temperature,
    );
    for (const example of examples) example.forwards++;
    return this.#answers(examples, { logits, gradients: directions }).map(towardsTarget);
  }

  /**
   * The gradient of a weighted sum of outputs by the pixels.
   *
   * @param weightsOf what each class counts in an example's sum
   * @param output what is made of the logits; the logits themselves where absent
   */
  async outputGradients(
    examples: readonly Example[],
    weightsOf: (example: Example) => readonly number[],
    output?: (logits: Tensor2D) => Tensor2D,
  ): Promise<Answer[]> {
    if (examples.length === 0) return [];
    this.#signal?.throwIfAborted();
    const weights = Float32Array.from(examples.flatMap(weightsOf));
    return this.#answers(examples, await outputGradients(this.#classifier, images(examples), weights, output));
  }

  /** The loss of the example's label on each of many variants of its image, a forward pass each. */
  async losses(example: Example, variants: Iterable<Float32Array>, loss: Loss): Promise<number[]> {
    const losses: number[] = [];
    for (const batch of batched(variants, this.#batchSize)) {
      this.#signal?.throwIfAborted();
      losses.push(
        ...(await lossValues(
          this.#classifier,
          concatenated(batch),
          batch.map(() => example.label),
          loss,
        )),
      );
      example.forwards += batch.length;
    }
    return losses;
  }

  #answers(examples: readonly Example[], { logits, gradients }: BackwardPass): Answer[] {
    const predicted = largestLogits(logits, this.classes);
    return rows(gradients, gradients.length / examples.length).map((gradient, at) => {
      const example = examples[at]!;
      const finite = gradient.every(Number.isFinite);
      example.gradients++;
      example.led = example.led === true || (finite && gradient.some((value) => value !== 0));
      return {
        example,
        fooled: isFooled(example, predicted[at]!),
        gradient: finite ? gradient : new Float32Array(gradient.length),
      };
    });
  }
}

/** The class whose loss leads an example. */
function aim({ target, label }: Example): number {
  return target ?? label;
}

function towardsTarget(answer: Answer): Answer {
  if (answer.example.target === undefined) return answer;
  return { ...answer, gradient: answer.gradient.map((value) => -value) };
}

function images(examples: readonly Example[]): Float32Array {
  return concatenated(examples.map(({ image }) => image));
}

function concatenated(all: readonly Float32Array[]): Float32Array {
  const width = all[0]!.length;
  const values = new Float32Array(all.length * width);
  all.forEach((image, at) => values.set(image, at * width));
  return values;
}

function* batched<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
