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
 * The nearest of the linearised boundaries between the label and some other classes; a gradient for each class.
 *
 * @param rivals the classes that count for an example, equally many for each
 * @param dualLength measures a gradient in the dual of the norm in which distances count
 * @returns one boundary an example, but none where all gradients are zero
 */
export async function nearestBoundaries(
  victim: Victim,
  examples: readonly Example[],
  rivals: (example: Example) => readonly number[],
  dualLength: (gradient: Float32Array) => number,
): Promise<ClassBoundary[]> {
  const nearest = new Map<Example, ClassBoundary & { readonly distance: number }>();
  const ranks = examples.length === 0 ? 0 : rivals(examples[0]!).length;
  for (let rank = 0; rank < ranks; rank++) {
    const overLabel = (example: Example) => {
      const weights = new Array<number>(victim.classes).fill(0);
      weights[rivals(example)[rank]!] = 1;
      weights[example.label] = -1;
      return weights;
    };
    for (const { example, logits, gradient } of await victim.outputGradients(examples, overLabel)) {
      const steepness = dualLength(gradient);
      const gap = logits[example.label]! - logits[rivals(example)[rank]!]!;
      const distance = Math.abs(gap) / steepness;
      if (steepness === 0 || distance >= (nearest.get(example)?.distance ?? Infinity)) continue;
      nearest.set(example, { example, gap, gradient, distance });
    }
  }
  return examples.flatMap((example) => nearest.get(example) ?? []);
}
