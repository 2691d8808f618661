import type { AtNumericTemperature, SongSaliencyParameters } from '@retort/contracts';
import { lossNamed, type Loss } from '../losses/loss.js';
import { defineAttack } from './define.js';
import type { Example } from './example.js';
import type { Journal } from './journal.js';
import type { Victim } from './victim.js';

/**
 * The one-shot saliency attack: ranks the pixels once by a score, then sets them to 1, best first, until the class changes.
 *
 * Song 2017, by its code (`songhobby/CNN-Distillation`). Untargeted. One gradient an example (`gradient-exact`: and one
 * forward pass), or one forward pass a pixel (`finite-difference`); then one forward pass for each pixel that is set.
 *
 * It differs from that code where the code was at fault: a map that is all zero, or not finite, ranks nothing, where the
 * code then set pixel 0, 1, 2 and so on (the example fails, as `noGradient`). Nor is a pixel set whose score is not
 * positive, since that would not raise the loss, or one that is 1 already, since that would only spend the budget.
 */
export const songSaliency = defineAttack({
  name: 'song-saliency',
  paper: 'Song 2017, songhobby/CNN-Distillation',
  async perturb(victim, examples, parameters, journal) {
    const scores = await scoresOf(victim, examples, parameters, journal);
    const rankings = new Map(
      examples.map((example, at) => [
        example,
        ranking(scores[at]!, example.original).slice(0, parameters.maximum_pixels),
      ]),
    );
    const searching = await journal.once('searching', () => new Set(examples));
    for (const place = journal.loop('place'); searching.size > 0; await place.next()) {
      for (const example of searching) {
        const pixel = rankings.get(example)![place.at];
        if (pixel === undefined) searching.delete(example);
        else example.image[pixel] = 1;
      }
      for (const example of await victim.fooled([...searching])) searching.delete(example);
    }
  },
});

/** One score a pixel for each example. */
async function scoresOf(
  victim: Victim,
  examples: readonly Example[],
  { score, loss, temperature }: AtNumericTemperature<SongSaliencyParameters>,
  journal: Journal,
): Promise<ArrayLike<number>[]> {
  const climbed = lossNamed(loss, temperature);
  if (score === 'finite-difference') {
    const differences = await journal.once('differences', (): Float64Array[] => []);
    for (const turn = journal.loop('example'); turn.at < examples.length; await turn.next()) {
      differences.push(await finiteDifferences(victim, examples[turn.at]!, climbed));
    }
    return differences;
  }
  const exact = score === 'gradient-exact' && loss === 'cross-entropy';
  return journal.once('gradients', async () => {
    const answers = exact ? victim.exactAscents(examples, temperature) : victim.ascents(examples, climbed);
    return (await answers).map(({ gradient }) => gradient);
  });
}

/** How much the float32 loss rises when each pixel alone is set to 1; 0 for those that are 1. */
async function finiteDifferences(victim: Victim, example: Example, loss: Loss): Promise<Float64Array> {
  const { original } = example;
  const pixels = Array.from(original.keys()).filter((pixel) => original[pixel]! < 1);
  const [before, ...after] = await victim.losses(example, variants(original, pixels), loss);
  const rises = new Float64Array(original.length);
  pixels.forEach((pixel, at) => (rises[pixel] = after[at]! - before!));
  example.led = rises.every(Number.isFinite) && rises.some((rise) => rise !== 0);
  return example.led ? rises : new Float64Array(original.length);
}

/** The image itself, then the image with each of the pixels alone set to 1. */
function* variants(original: Float32Array, pixels: readonly number[]): Generator<Float32Array> {
  yield original;
  for (const pixel of pixels) {
    const variant = original.slice();
    variant[pixel] = 1;
    yield variant;
  }
}

/** The pixels that raise the loss and are not 1 already, by falling score; of equal ones the first. */
function ranking(scores: ArrayLike<number>, original: Float32Array): number[] {
  return Array.from(original.keys())
    .filter((pixel) => scores[pixel]! > 0 && original[pixel]! < 1)
    .sort((first, second) => scores[second]! - scores[first]!);
}
