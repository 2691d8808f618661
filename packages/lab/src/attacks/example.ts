import { Random } from '@retort/random';
import { exampleClasses } from '../classifier.js';
import { rows } from '../gradients/rows.js';
import { size } from '../nets/plan.js';
import type { AttackContext } from './attack.js';

/** One image under attack: plain data, so that a checkpoint can hold it. */
export interface Example {
  readonly original: Float32Array;
  readonly label: number;
  /** The class to reach; undefined where any other than the label will do. */
  readonly target: number | undefined;
  /** The image as the attack has it now. */
  image: Float32Array;
  /** Backward passes spent. */
  gradients: number;
  /** Forward passes spent beside those of the gradients. */
  forwards: number;
  /** Whether some gradient or saliency map was finite and not zero; undefined before the attack has asked for one. */
  led: boolean | undefined;
  readonly seed: number;
  /** What this example's random streams are called: `<attack>/<index>`. */
  readonly stream: string;
}

/**
 * The examples of a context, each at its original image; all of them, or those from one up to another.
 *
 * @param attack names the random streams
 * @param targetOffset how far the target lies behind the label; 0 where the attack is untargeted
 */
export function examplesOf(
  { classifier, images, labels, indices, seed }: AttackContext,
  attack: string,
  targetOffset: number,
  [from, to]: readonly [number, number] = [0, labels.length],
): Example[] {
  const pixels = size(classifier.inputShape);
  // All in one array, so that it goes to the engine as it is for as long as they move together and in place.
  const copied = () => rows(images.slice(from * pixels, to * pixels), pixels);
  const [originals, present] = [copied(), copied()];
  return Array.from(labels)
    .slice(from, to)
    .map((label, offset) => {
      const at = from + offset;
      return {
        original: originals[offset]!,
        label,
        target: targetOffset === 0 ? undefined : (label + targetOffset) % exampleClasses(classifier),
        image: present[offset]!,
        gradients: 0,
        forwards: 0,
        led: undefined,
        seed,
        stream: `${attack}/${indices ? indices[at]! : at}`,
      };
    });
}

/** A random stream of one example alone, so that its numbers do not depend on which others are attacked with it. */
export function randomOf({ seed, stream }: Example, name: string): Random {
  return Random.stream(seed, `${stream}/${name}`);
}

/**
 * Whether a prediction is what the attack is after.
 *
 * @param rejection the class by which the classifier rejects an image, if it has one: it is never a success
 */
export function isFooled(
  { label, target }: Pick<Example, 'label' | 'target'>,
  predicted: number,
  rejection?: number,
): boolean {
  return target === undefined ? predicted !== label && predicted !== rejection : predicted === target;
}

/**
 * Refuses a context whose parts do not fit each other.
 *
 * @throws RangeError that says which, and what would be right
 */
export function assertContext(
  { classifier, transferTo = classifier, images, labels, indices, confidence }: AttackContext,
  targetOffset: number,
): void {
  const { inputShape } = classifier;
  const classes = exampleClasses(classifier);
  const pixels = size(inputShape);
  if (images.length !== labels.length * pixels) {
    throw new RangeError(
      `${labels.length} images of shape [${inputShape.join(', ')}] hold ${labels.length * pixels} values, not ${images.length}`,
    );
  }
  for (let at = 0; at < images.length; at++) {
    if (images[at]! >= 0 && images[at]! <= 1) continue;
    throw new RangeError(`pixel ${at % pixels} of image ${Math.floor(at / pixels)} is ${images[at]!}, outside [0, 1]`);
  }
  const wrong = Array.from(labels).findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (wrong >= 0) throw new RangeError(`label ${wrong} is ${labels[wrong]!}, not one of the ${classes} classes from 0`);
  if (indices && indices.length !== labels.length) {
    throw new RangeError(`${labels.length} examples need as many indices, not ${indices.length}`);
  }
  if (confidence !== undefined && !(confidence >= 0)) {
    throw new RangeError(`the confidence must be a number from 0, or infinite, not ${confidence}`);
  }
  if (size(transferTo.inputShape) !== pixels || exampleClasses(transferTo) !== classes) {
    throw new RangeError(
      `images of shape [${inputShape.join(', ')}] in ${classes} classes cannot be tried on a classifier of ` +
        `[${transferTo.inputShape.join(', ')}] in ${exampleClasses(transferTo)}`,
    );
  }
  if (targetOffset > 0 && targetOffset % classes === 0) {
    throw new RangeError(
      `a target offset of ${targetOffset} among ${classes} classes makes every label its own target`,
    );
  }
}
