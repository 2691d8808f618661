import { Random } from '@retort/random';
import { size } from '../nets/plan.js';
import type { AttackContext } from './attack.js';

/** One image under attack. */
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
  /** A random stream of this example alone, so that its numbers do not depend on which others are attacked with it. */
  random(name: string): Random;
}

/**
 * The examples of a context, each at its original image.
 *
 * @param attack names the random streams: `<attack>/<index>/<name>`
 * @param targetOffset how far the target lies behind the label; 0 where the attack is untargeted
 * @throws RangeError when the context's parts do not fit each other
 */
export function examplesOf(context: AttackContext, attack: string, targetOffset: number): Example[] {
  assertContext(context, targetOffset);
  const { classifier, images, labels, indices, seed } = context;
  const pixels = size(classifier.inputShape);
  return Array.from(labels, (label, at) => {
    const original = images.subarray(at * pixels, (at + 1) * pixels);
    return {
      original,
      label,
      target: targetOffset === 0 ? undefined : (label + targetOffset) % classifier.classes,
      image: original.slice(),
      gradients: 0,
      forwards: 0,
      led: undefined,
      random: (name) => Random.stream(seed, `${attack}/${indices ? indices[at]! : at}/${name}`),
    };
  });
}

/** Whether a prediction is what the attack is after. */
export function isFooled({ label, target }: Example, predicted: number): boolean {
  return target === undefined ? predicted !== label : predicted === target;
}

function assertContext({ classifier, images, labels, indices, batchSize }: AttackContext, targetOffset: number): void {
  const { inputShape, classes } = classifier;
  const pixels = size(inputShape);
  if (images.length !== labels.length * pixels) {
    throw new RangeError(
      `${labels.length} images of shape [${inputShape.join(', ')}] hold ${labels.length * pixels} values, not ${images.length}`,
    );
  }
  const outside = images.findIndex((pixel) => !(pixel >= 0 && pixel <= 1));
  if (outside >= 0) {
    throw new RangeError(
      `pixel ${outside % pixels} of image ${Math.floor(outside / pixels)} is ${images[outside]!}, outside [0, 1]`,
    );
  }
  const wrong = Array.from(labels).findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (wrong >= 0) throw new RangeError(`label ${wrong} is ${labels[wrong]!}, not one of the ${classes} classes from 0`);
  if (indices && indices.length !== labels.length) {
    throw new RangeError(`${labels.length} examples need as many indices, not ${indices.length}`);
  }
  if (batchSize !== undefined && !(Number.isInteger(batchSize) && batchSize > 0)) {
    throw new RangeError(`the batch size must be a whole number from 1, not ${batchSize}`);
  }
  if (targetOffset > 0 && targetOffset % classes === 0) {
    throw new RangeError(
      `a target offset of ${targetOffset} among ${classes} classes makes every label its own target`,
    );
  }
}
