import { Random } from '@retort/random';
import { defineAttack } from './define.js';
import { randomOf } from './example.js';

/** One draw of the noise: the pixel values in the order in which they are set, and what each is set to. */
interface Grains {
  readonly order: Uint32Array;
  readonly values: Float32Array;
}

/**
 * Salt-and-pepper noise: sets random pixel values to 0 or 1, ever more of them, until the class changes.
 *
 * Untargeted, without gradients: what an attack that moves few pixels must beat. Each of `tries` draws a new order of
 * the pixel values and whether each becomes 0 or 1, and sets them in `stages` equal parts up to `maximum_pixels`, with
 * a forward pass after each. An example that none fools keeps the last image.
 */
export const saltAndPepper = defineAttack({
  name: 'salt-and-pepper',
  paper: 'Rauber et al. 2017, arXiv 1707.04131 (Foolbox)',
  async perturb(victim, examples, { maximum_pixels, stages, tries }, journal) {
    /** Where the random stream of each example that is not fooled yet stands. */
    const streams = await journal.once(
      'streams',
      () => new Map(examples.map((example) => [example, randomOf(example, 'grains').state])),
    );
    for (const attempt = journal.loop('attempt'); attempt.at < tries; await attempt.next()) {
      const drawn = await attempt.once('grains', () => {
        const grains = Array.from(streams, ([example, state]) => {
          const random = new Random(state);
          const order = random.permutation(example.original.length).slice(0, maximum_pixels);
          const values = Float32Array.from(order, () => random.below(2));
          streams.set(example, random.state);
          example.image = example.original.slice();
          return [example, { order, values }] as const;
        });
        return new Map(grains);
      });
      for (const stage = attempt.loop('stage'); stage.at < stages; await stage.next()) {
        for (const example of streams.keys())
          strew(example.image, drawn.get(example)!, stage.at / stages, (stage.at + 1) / stages);
        for (const example of await victim.fooled([...streams.keys()])) streams.delete(example);
      }
    }
  },
});

/** Sets the grains between two shares of their order. */
function strew(image: Float32Array, { order, values }: Grains, from: number, to: number): void {
  for (let at = Math.round(from * order.length); at < Math.round(to * order.length); at++) {
    image[order[at]!] = values[at]!;
  }
}
