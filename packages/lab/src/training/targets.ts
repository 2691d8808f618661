/**
 * True labels as the probabilities that a net is to learn: 1 for the label, 0 for the others.
 *
 * Nets are only ever trained on probabilities, so that a student of one-hot soft labels and a net trained on the labels
 * at the same temperature are the same computation.
 *
 * @returns `labels.length x classes`, row after row
 */
export function oneHot(labels: Uint8Array, classes: number): Float32Array {
  const targets = new Float32Array(labels.length * classes);
  for (const [row, label] of labels.entries()) targets[row * classes + label] = 1;
  return targets;
}

/**
 * Targets of which a share is spread evenly over all classes: (1 - s) · t + s / K (Szegedy et al. 2015, arXiv 1512.00567,
 * section 7).
 *
 * @param share s, in [0, 1)
 */
export function smoothed(targets: Float32Array, classes: number, share: number): Float32Array {
  return targets.map((target) => (1 - share) * target + share / classes);
}

/**
 * Refuses targets that are not one probability distribution an example.
 *
 * @throws RangeError naming the first row that is wrong
 */
export function assertTargets(targets: Float32Array, count: number, classes: number): void {
  if (targets.length !== count * classes) {
    throw new RangeError(
      `${count} examples of ${classes} classes need ${count * classes} targets, not ${targets.length}`,
    );
  }
  for (let row = 0; row < count; row++) {
    const probabilities = targets.subarray(row * classes, (row + 1) * classes);
    const sum = probabilities.reduce((total, probability) => total + probability, 0);
    if (!(Math.abs(sum - 1) < 1e-4 && probabilities.every((probability) => probability >= 0))) {
      throw new RangeError(`the targets of example ${row} are not probabilities: their sum is ${sum}, not 1`);
    }
  }
}
