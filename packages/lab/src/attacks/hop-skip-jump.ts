import type { HopSkipJumpParameters } from '@retort/contracts';
import { Random, type RandomState } from '@retort/random';
import { blendedNoise } from './blended-noise.js';
import { boundaryDirection } from './boundary-direction.js';
import { defineAttack } from './define.js';
import { randomOf, type Example } from './example.js';
import { NearestFound } from './nearest-found.js';
import { difference, lengthIn } from './norm.js';
import { normBall } from './norm-ball.js';
import { gridOf } from './square-search.js';
import type { Victim } from './victim.js';

/** Length of the first random steps, in pixel units. */
const FIRST_LENGTH = 0.1;

/** How finely the way to an image is searched at least, as a share of it: the paper's tolerance is for many pixels. */
const COARSEST = 0.001;

/** Where an example stands on the boundary. */
interface Foothold {
  /** An adversarial image, just beyond the boundary. */
  image: Float32Array;
  /** How far the image was before it was last brought back to the boundary. */
  reach: number;
  /** Where its random stream stands. */
  stream: RandomState;
}

type Footholds = Map<Example, Foothold>;

/**
 * HopSkipJump: walks along the boundary towards the original image, by estimates of the boundary's direction that need
 * nothing but decisions.
 *
 * Chen, Jordan and Wainwright 2019, arXiv 1904.02144, algorithm 2. It sees classes only, so that nothing which hides a
 * gradient or a score hinders it. It starts from noise blended into the original, which varies in share and grain, since
 * a net may take all noise of one kind for one class. A step estimates the direction, goes as far along it as the class
 * allows, and bisects its way back to the boundary. The nearest adversarial image is kept; an example for which no start
 * is found keeps its original image, and one that fools already costs one forward pass and stays.
 */
export const hopSkipJump = defineAttack({
  name: 'hop-skip-jump',
  paper: 'Chen et al. 2019, arXiv 1904.02144',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, parameters, journal) {
    const nearest = await NearestFound.in(journal, (perturbation) => lengthIn(parameters.norm, perturbation));
    const footholds = await journal.once('footholds', () => firstFootholds(victim, examples, parameters));
    await journal.once('landing', () => land(victim, footholds, nearest, parameters));
    for (const step = journal.loop('step'); footholds.size > 0; await step.next()) {
      await jump(victim, footholds, step.at + 1, parameters);
      await land(victim, footholds, nearest, parameters);
    }
    // Each was confirmed by a decision, which is all that there is to ask for.
    for (const example of examples) example.image = nearest.image(example)?.slice() ?? example.image;
  },
});

/** An adversarial image of noise for each example that one is found for, on the line from the original not far beyond it. */
async function firstFootholds(
  victim: Victim,
  examples: readonly Example[],
  { queries, initial_tries }: HopSkipJumpParameters,
): Promise<Footholds> {
  const footholds: Footholds = new Map();
  const streams = new Map(examples.map((example) => [example, randomOf(example, 'walk')]));
  const grid = gridOf(victim.inputShape);
  let searching = await victim.unfooled(examples);
  for (let attempt = 0; attempt < Math.min(initial_tries, queries - 1); attempt++) {
    for (const example of searching) {
      example.image = blendedNoise(example.original, grid, attempt, streams.get(example)!);
    }
    for (const example of await victim.fooled(searching)) {
      footholds.set(example, { image: example.image, reach: 0, stream: streams.get(example)!.state });
    }
    searching = searching.filter((example) => !footholds.has(example));
  }
  for (const example of searching) example.image = example.original.slice();
  await bisect(victim, footholds, queries, () => ({ along: alongLine, end: 1, tolerance: COARSEST }));
  return footholds;
}

/** Goes from each foothold up the direction of the boundary, as far as the image stays adversarial. */
async function jump(
  victim: Victim,
  footholds: Footholds,
  step: number,
  { norm, queries, initial_evaluations }: HopSkipJumpParameters,
): Promise<void> {
  const space = normBall(norm, Infinity);
  const jumps = new Map<Example, { direction: Float64Array; length: number }>();
  for (const [example, foothold] of footholds) {
    const { original } = example;
    const { image, reach } = foothold;
    const random = new Random(foothold.stream);
    const length = step === 1 ? FIRST_LENGTH : reach / original.length;
    const draws = Math.min(Math.ceil(initial_evaluations * Math.sqrt(step)), queries - example.forwards);
    const direction = await boundaryDirection(victim, example, image, { norm, length, draws }, random);
    foothold.stream = random.state;
    jumps.set(example, { direction, length: lengthIn(norm, difference(original, image)) / Math.sqrt(step) });
  }
  const jumping = () => [...jumps.keys()].filter(({ forwards }) => forwards < queries);
  for (let searching = jumping(); searching.length > 0; searching = jumping()) {
    for (const example of searching) {
      const jump = jumps.get(example)!;
      const onward = space.step(jump.direction, jump.length);
      example.image = space.project(example.original, footholds.get(example)!.image, onward);
      jump.length /= 2;
    }
    for (const example of await victim.fooled(searching)) {
      footholds.get(example)!.image = example.image;
      jumps.delete(example);
    }
  }
}

/** Brings each foothold back to the boundary, and lets go of those whose queries are spent. */
async function land(
  victim: Victim,
  footholds: Footholds,
  nearest: NearestFound,
  { norm, queries }: HopSkipJumpParameters,
): Promise<void> {
  for (const [{ original }, foothold] of footholds) {
    foothold.reach = lengthIn(norm, difference(original, foothold.image));
  }
  await bisect(victim, footholds, queries, ({ original }, { reach }) => {
    const pixels = original.length;
    return norm === 'l2'
      ? { along: alongLine, end: 1, tolerance: Math.min(pixels ** -1.5, COARSEST) }
      : { along: alongBall, end: reach, tolerance: Math.min(reach, 1) * Math.min(pixels ** -2, COARSEST) };
  });
  for (const example of footholds.keys()) {
    nearest.offer(example);
    if (example.forwards >= queries) footholds.delete(example);
  }
}

/** Where a way from the original to an adversarial image is at some place from 0 to its end. */
type Way = (original: Float32Array, image: Float32Array, place: number) => Float32Array;

interface Search {
  readonly along: Way;
  readonly end: number;
  readonly tolerance: number;
}

/** Moves each foothold, and its example, to just beyond the boundary on its way to the original. */
async function bisect(
  victim: Victim,
  footholds: Footholds,
  queries: number,
  searchOf: (example: Example, foothold: Foothold) => Search,
): Promise<void> {
  const brackets = [...footholds].map(([example, foothold]) => {
    const { along, end, tolerance } = searchOf(example, foothold);
    const { image } = foothold;
    const at = (place: number) => along(example.original, image, place);
    return { example, foothold, at, low: 0, high: end, tolerance };
  });
  const wide = () =>
    brackets.filter(({ example, low, high, tolerance }) => high - low > tolerance && example.forwards < queries);
  for (let searching = wide(); searching.length > 0; searching = wide()) {
    for (const { example, at, low, high } of searching) example.image = at((low + high) / 2);
    const fooled = new Set(await victim.fooled(searching.map(({ example }) => example)));
    for (const bracket of searching) {
      const middle = (bracket.low + bracket.high) / 2;
      if (fooled.has(bracket.example)) bracket.high = middle;
      else bracket.low = middle;
    }
  }
  for (const { example, foothold, at, high } of brackets) example.image = foothold.image = at(high);
}

/** A share of the straight line. */
const alongLine: Way = (original, image, share) => original.map((pixel, at) => pixel + share * (image[at]! - pixel));

/** The image brought into the Linf ball of a radius. */
const alongBall: Way = (original, image, radius) =>
  original.map((pixel, at) => Math.min(Math.max(image[at]!, pixel - radius), pixel + radius));
