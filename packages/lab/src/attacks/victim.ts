import type { Tensor2D } from '@tensorflow/tfjs-core';
import { BatchSize } from '../batch-size.js';
import { exampleClasses, type Classifier } from '../classifier.js';
import type { BackwardPass } from '../gradients/backward.js';
import { exactGradients } from '../gradients/exact-gradients.js';
import { lossGradients } from '../gradients/loss-gradients.js';
import { outputJacobian, type WeightedSum } from '../gradients/output-jacobian.js';
import { concatenated, rows } from '../gradients/rows.js';
import { logitLosses, lossValues } from '../losses/loss-values.js';
import type { Loss } from '../losses/loss.js';
import { largestLogits, predictLogits } from '../predict.js';
import { aroundRejection } from './around-rejection.js';
import { isFooled, type Example } from './example.js';

/** What a forward pass through the classifier said of an example's present image. */
export interface Reading {
  readonly example: Example;
  /** Whether the present image is adversarial. */
  readonly fooled: boolean;
  /** One a class. */
  readonly logits: Float32Array;
}

/** What a forward and a backward pass said. */
export interface Answer extends Reading {
  /** One number a pixel; all 0 where it was not finite. */
  readonly gradient: Float32Array;
  /** Whether the gradient is 0 everywhere, and will be so each time: no step along it ever leads away from the image. */
  readonly stuck: boolean;
}

/** What a forward pass said, and the gradients that were drawn from it. */
export interface Linearised extends Reading {
  /** One for each weighted sum that was asked for; all 0 where it was not finite. */
  readonly gradients: readonly Float32Array[];
}

/** How adversarial an image is: its label's loss, or minus its target's, so that more is always better. */
interface Scored {
  readonly score: number;
}

/**
 * The classifier as an attack meets it: every pass is counted on the examples that it served, and stops when cancelled.
 * A class that rejects is not met at all: it counts as the example's own.
 *
 * The images are the examples' own, at most a batch of them.
 */
export class Victim {
  readonly classes: number;
  /** The shape of one image. */
  readonly inputShape: readonly number[];
  readonly #classifier: Classifier;
  readonly #batchSize: BatchSize;
  readonly #signal: AbortSignal | undefined;
  readonly #confidence: number;

  /** @param confidence by how much a wrong logit must lead for an image to be adversarial */
  constructor(
    classifier: Classifier,
    batchSize: number | BatchSize,
    { signal, confidence = 0 }: { signal?: AbortSignal; confidence?: number } = {},
  ) {
    this.classes = exampleClasses(classifier);
    this.inputShape = classifier.inputShape;
    this.#classifier = classifier;
    this.#batchSize = BatchSize.of(batchSize, 128);
    this.#signal = signal;
    this.#confidence = confidence;
  }

  /** The examples whose present image is not adversarial yet; one forward pass. */
  async unfooled(examples: readonly Example[]): Promise<Example[]> {
    const fooled = new Set(await this.fooled(examples));
    return examples.filter((example) => !fooled.has(example));
  }

  /** The examples whose present image is adversarial; one forward pass. */
  async fooled(examples: readonly Example[]): Promise<Example[]> {
    const readings = await this.readings(examples);
    return readings.filter(({ fooled }) => fooled).map(({ example }) => example);
  }

  /** What the classifier says of each present image; one forward pass. */
  async readings(examples: readonly Example[]): Promise<Reading[]> {
    if (examples.length === 0) return [];
    this.#signal?.throwIfAborted();
    const logits = await predictLogits(this.#facing(examples), images(examples), examples.length, this.#batchSize);
    for (const example of examples) example.forwards++;
    return this.#readings(examples, logits);
  }

  /** How adversarial each present image is by a loss; one forward pass. */
  async scores(examples: readonly Example[], loss: Loss): Promise<(Reading & Scored)[]> {
    if (examples.length === 0) return [];
    const readings = await this.readings(examples);
    const { climbed, labels, sign } = objectiveOf(examples, loss);
    const losses = await logitLosses(concatenated(readings.map(({ logits }) => logits)), labels, climbed);
    return readings.map((reading, at) => ({ ...reading, score: sign * losses[at]! }));
  }

  /** The direction in which each image becomes more adversarial: up the loss of its label, or down that of its target. */
  async ascents(examples: readonly Example[], loss: Loss): Promise<(Answer & Scored)[]> {
    if (examples.length === 0) return [];
    this.#signal?.throwIfAborted();
    const { climbed, labels, sign } = objectiveOf(examples, loss);
    const pass = await lossGradients(this.#facing(examples), images(examples), labels, climbed);
    return this.#answers(examples, pass).map((answer, at) => ({
      ...signed(answer, sign),
      score: sign * pass.losses[at]!,
    }));
  }

  /** The same for the cross-entropy at T with the exact gradient, up to its magnitude; one forward pass more. */
  async exactAscents(examples: readonly Example[], temperature: number): Promise<Answer[]> {
    if (examples.length === 0) return [];
    this.#signal?.throwIfAborted();
    const { logits, directions } = await exactGradients(
      this.#facing(examples),
      images(examples),
      examples.map(aim),
      temperature,
      this.#signal,
    );
    for (const example of examples) example.forwards++;
    return this.#answers(examples, { logits, gradients: directions }).map((answer) =>
      signed(answer, towards(answer.example)),
    );
  }

  /**
   * What the classifier says of each present image, and the gradients of some weighted sums of its outputs by the pixels:
   * one forward pass, and a gradient for each sum.
   *
   * @param sumsOf what each class counts in each sum that is wanted of an example; none where it needs no gradient
   * @param output what is made of the logits; the logits themselves where absent
   */
  async jacobians(
    examples: readonly Example[],
    sumsOf: (reading: Reading) => readonly (readonly number[])[],
    output?: (logits: Tensor2D) => Tensor2D,
  ): Promise<Linearised[]> {
    if (examples.length === 0) return [];
    this.#signal?.throwIfAborted();
    let linearised: (Reading & { gradients: Float32Array[] })[] = [];
    let asked: WeightedSum[] = [];
    const sums = (logits: Float32Array) => {
      linearised = this.#readings(examples, logits).map((reading) => ({ ...reading, gradients: [] }));
      asked = linearised.flatMap((reading, of) => sumsOf(reading).map((weights) => ({ of, weights })));
      return asked;
    };
    const limits = { output, atATime: this.#batchSize.size, signal: this.#signal };
    const { gradients } = await outputJacobian(this.#facing(examples), images(examples), sums, limits);
    for (const example of examples) example.forwards++;
    asked.forEach(({ of }, at) => linearised[of]!.gradients.push(taken(examples[of]!, gradients[at]!).gradient));
    return linearised;
  }

  /** The loss of the example's label on each of many variants of its image, a forward pass each. */
  async losses(example: Example, variants: Iterable<Float32Array>, loss: Loss): Promise<number[]> {
    const losses: number[] = [];
    for (const batch of batched(variants, this.#batchSize.size)) {
      this.#signal?.throwIfAborted();
      losses.push(
        ...(await lossValues(
          this.#facing(batch.map(() => example)),
          concatenated(batch),
          batch.map(() => example.label),
          loss,
        )),
      );
      example.forwards += batch.length;
    }
    return losses;
  }

  /** Whether each of many variants of an example's image is adversarial, a forward pass each. */
  async decisions(example: Example, variants: Iterable<Float32Array>): Promise<boolean[]> {
    const decisions: boolean[] = [];
    for (const batch of batched(variants, this.#batchSize.size)) {
      this.#signal?.throwIfAborted();
      const same = batch.map(() => example);
      const logits = await predictLogits(this.#facing(same), concatenated(batch), batch.length, this.#batchSize);
      decisions.push(...this.#readings(same, logits).map(({ fooled }) => fooled));
      example.forwards += batch.length;
    }
    return decisions;
  }

  #facing(examples: readonly Example[]): Classifier {
    return aroundRejection(
      this.#classifier,
      examples.map(({ label }) => label),
    );
  }

  #answers(examples: readonly Example[], { logits, gradients }: BackwardPass): Answer[] {
    const gradientRows = rows(gradients, gradients.length / examples.length);
    return this.#readings(examples, logits).map((reading, at) => {
      const { gradient, zero } = taken(reading.example, gradientRows[at]!);
      return { ...reading, gradient, stuck: zero && this.#classifier.randomised !== true };
    });
  }

  #readings(examples: readonly Example[], logits: Float32Array): Reading[] {
    const predicted = largestLogits(logits, this.classes);
    return rows(logits, this.classes).map((row, at) => {
      const example = examples[at]!;
      const fooled = isFooled(example, predicted[at]!) && leadOf(example, row, predicted[at]!) >= this.#confidence;
      return { example, fooled, logits: row };
    });
  }
}

/** By how much the class that fools leads: the label, or, in a targeted attack, every other class. */
function leadOf({ label, target }: Example, logits: Float32Array, predicted: number): number {
  const others = target === undefined ? [logits[label]!] : logits.filter((_, index) => index !== target);
  return logits[predicted]! - Math.max(...others);
}

/** The class whose loss leads an example. */
function aim({ target, label }: Example): number {
  return target ?? label;
}

/** Whether an example climbs its loss or descends it. */
function towards({ target }: Example): 1 | -1 {
  return target === undefined ? 1 : -1;
}

/**
 * What some examples, of which all have a target or none, climb or descend.
 *
 * @returns the loss, the class whose loss counts for each, and 1 to climb it or -1 to descend it
 */
function objectiveOf(
  examples: readonly Example[],
  loss: Loss,
): { readonly climbed: Loss; readonly labels: number[]; readonly sign: 1 | -1 } {
  const targets = examples.flatMap(({ target }) => target ?? []);
  if (targets.length === 0 || loss.aimedAt === undefined) {
    return { climbed: loss, labels: examples.map(aim), sign: towards(examples[0]!) };
  }
  return { climbed: loss.aimedAt(targets), labels: examples.map(({ label }) => label), sign: 1 };
}

/** Counts a gradient on its example, and gives it; all 0 where it is not finite. */
function taken(example: Example, gradient: Float32Array): { gradient: Float32Array; zero: boolean } {
  const { finite, zero } = lookOver(gradient);
  example.gradients++;
  example.led = example.led === true || (finite && !zero);
  return finite ? { gradient, zero } : { gradient: new Float32Array(gradient.length), zero: true };
}

/** Whether all of a gradient is finite, and whether all of it is zero. */
function lookOver(gradient: Float32Array): { finite: boolean; zero: boolean } {
  let magnitude = 0;
  for (let at = 0; at < gradient.length; at++) magnitude += Math.abs(gradient[at]!);
  // In float64 no sum of finite float32 values overflows, and none is lost beside zeros.
  return { finite: Number.isFinite(magnitude), zero: magnitude === 0 };
}

function signed(answer: Answer, sign: 1 | -1): Answer {
  return sign === 1 ? answer : { ...answer, gradient: answer.gradient.map((value) => -value) };
}

function images(examples: readonly Example[]): Float32Array {
  return concatenated(examples.map(({ image }) => image));
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
