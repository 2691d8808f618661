import type { Example } from './example.js';
import type { Reading, Victim } from './victim.js';

/** Where another class begins, as the classifier linearised at the present image has it. */
export interface ClassBoundary {
  readonly example: Example;
  /** By how much the other class's logit has to rise over the label's to reach it; below 0 beyond the boundary. */
  readonly gap: number;
  /** The derivative of that difference of logits by each pixel. */
  readonly gradient: Float32Array;
}

/** The classes beside the label, by falling logit; of equal ones the first. */
export function rivalsOf({ example, logits }: Reading): number[] {
  return Array.from(logits.keys())
    .filter((index) => index !== example.label)
    .sort((first, second) => logits[second]! - logits[first]!);
}

/**
 * The nearest of the linearised boundaries between the label and some other classes: one forward pass, and a gradient for
 * each class.
 *
 * @param rivals the classes that count at what was read of an image; none where it needs no boundary
 * @param dualLength measures a gradient in the dual of the norm in which distances count
 * @returns one boundary an example, but none where it has no rivals or all gradients are zero
 */
export async function nearestBoundaries(
  victim: Victim,
  examples: readonly Example[],
  rivals: (reading: Reading) => readonly number[],
  dualLength: (gradient: Float32Array) => number,
): Promise<ClassBoundary[]> {
  const overLabel = (reading: Reading) =>
    rivals(reading).map((rival) => {
      const weights = new Array<number>(victim.classes).fill(0);
      weights[rival] = 1;
      weights[reading.example.label] = -1;
      return weights;
    });
  const linearised = await victim.jacobians(examples, overLabel);
  return linearised.flatMap((reading) => {
    const { example, logits, gradients } = reading;
    let nearest: ClassBoundary[] = [];
    let shortest = Infinity;
    rivals(reading).forEach((rival, rank) => {
      const gradient = gradients[rank]!;
      const steepness = dualLength(gradient);
      const gap = logits[example.label]! - logits[rival]!;
      const distance = Math.abs(gap) / steepness;
      if (steepness === 0 || distance >= shortest) return;
      nearest = [{ example, gap, gradient }];
      shortest = distance;
    });
    return nearest;
  });
}
