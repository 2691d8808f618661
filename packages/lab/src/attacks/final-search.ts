import type { Example } from './example.js';
import type { Journal } from './journal.js';
import type { NearestFound } from './nearest-found.js';
import { difference } from './norm.js';
import type { Victim } from './victim.js';

/** The part of a line, as shares of the perturbation at its end, in which the boundary lies. */
interface Line {
  readonly example: Example;
  readonly perturbation: Float64Array;
  low: number;
  high: number;
}

/**
 * Bisects the line from each original to its nearest adversarial image for one nearer still, and keeps it if there is.
 *
 * @param steps bisections, a forward pass each; an example of which no adversarial image is known costs none
 */
export async function searchLines(
  victim: Victim,
  examples: readonly Example[],
  nearest: NearestFound,
  steps: number,
  journal: Journal,
): Promise<void> {
  const lines = await journal.once('lines', () => linesTo(nearest, examples));
  for (const step = journal.loop('bisection'); step.at < steps; await step.next()) {
    for (const { example, perturbation, low, high } of lines) {
      const { original, image } = example;
      for (let at = 0; at < image.length; at++) image[at] = original[at]! + (perturbation[at]! * (low + high)) / 2;
    }
    const readings = await victim.readings(lines.map(({ example }) => example));
    lines.forEach((line, at) => {
      const middle = (line.low + line.high) / 2;
      if (readings[at]!.fooled) {
        nearest.offer(line.example);
        line.high = middle;
      } else {
        line.low = middle;
      }
    });
  }
}

function linesTo(nearest: NearestFound, examples: readonly Example[]): Line[] {
  return examples.flatMap((example) => {
    const image = nearest.image(example);
    return image ? [{ example, perturbation: difference(example.original, image), low: 0, high: 1 }] : [];
  });
}
