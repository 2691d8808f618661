import type { Examples } from '@retort/contracts';

export type { Examples };

/**
 * Refuses examples whose parts do not fit each other.
 *
 * @param what names them in the error, such as `training`
 * @throws RangeError when there are none, a length differs from the count, or a label is not below `classes`
 */
export function assertExamples(examples: Examples, what: string): void {
  const { images, labels, count, inputShape, classes } = examples;
  const pixels = inputShape.reduce((product, extent) => product * extent, 1);
  if (!(Number.isInteger(count) && count > 0)) {
    throw new RangeError(`the ${what} examples must be at least one, not ${count}`);
  }
  if (labels.length !== count) {
    throw new RangeError(`${count} ${what} examples need as many labels, not ${labels.length}`);
  }
  if (images.length !== count * pixels) {
    throw new RangeError(
      `${count} ${what} images of shape [${inputShape.join(', ')}] hold ${count * pixels} values, not ${images.length}`,
    );
  }
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new RangeError(
      `${what} label ${wrong} is ${labels[wrong]!}, but the ${classes} classes end at ${classes - 1}`,
    );
  }
}
