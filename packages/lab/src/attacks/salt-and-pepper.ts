import { defineAttack } from './define.js';
import type { Example } from './example.js';

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
 *
 * Parameters: `maximum_pixels` (99), `stages` (10), `tries` (10).
 */
export const saltAndPepper = defineAttack({
  name: 'salt-and-pepper',
  paper: 'Rauber et al. 2017, arXiv 1707.04131 (Foolbox)',
  async perturb(victim, examples, { maximum_pixels, stages, tries }) {
    const streams = new Map(examples.map((example) => [example, example.random('grains')]));
    let searching = [...examples];
    for (let attempt = 0; attempt < tries; attempt++) {
      const drawn = new Map<Example, Grains>();
      for (const example of searching) {
        const random = streams.get(example)!;
        const order = random.permutation(example.original.length).slice(0, maximum_pixels);
        drawn.set(example, { order, values: Float32Array.from(order, () => random.below(2)) });
        example.image = example.original.slice();
      }
      for (let stage = 0; stage < stages; stage++) {
        for (const example of searching)
          strew(example.image, drawn.get(example)!, stage / stages, (stage + 1) / stages);
        searching = await victim.unfooled(searching);
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
