import { Random, type RandomState } from '@retort/random';
import { lossNamed } from '../losses/loss.js';
import { size } from '../nets/plan.js';
import { defineAttack } from './define.js';
import { randomOf, type Example } from './example.js';
import { gridOf, SCHEDULED_QUERIES, squareSearch, windowShare } from './square-search.js';

/** The best image that an example that is not fooled yet has come to. */
interface Candidate {
  /** Where its random stream stands. */
  stream: RandomState;
  best: Float32Array;
  score: number;
}

/**
 * The Square attack: random search that changes one square window at a time and keeps what raises the loss.
 *
 * Andriushchenko et al. 2020, arXiv 1912.00049, algorithms 1 to 3. It sees scores only, so that nothing which hides a
 * gradient hinders it. The windows' side follows the paper's schedule. An example leaves at
 * its first adversarial image; at most `queries` forward passes. One that is not fooled keeps the image of its highest
 * loss.
 */
export const square = defineAttack({
  name: 'square',
  paper: 'Andriushchenko et al. 2020, arXiv 1912.00049',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, { norm, epsilon, queries, initial_share, stretched, ...objective }, journal) {
    const loss = lossNamed(objective.loss, objective.temperature);
    const search = squareSearch(norm, epsilon, gridOf(victim.inputShape));
    const candidates = await journal.once(
      'candidates',
      () => new Map(examples.map((example) => [example, untried(example)])),
    );
    // One for all: arrays that are made anew for each query and example cost more than what is done with them.
    const present: Float64Array = new Float64Array(size(victim.inputShape));
    for (const query = journal.loop('query'); query.at < queries && candidates.size > 0; await query.next()) {
      const share = initial_share * windowShare(query.at, stretched ? queries : SCHEDULED_QUERIES);
      for (const [example, candidate] of candidates) {
        const random = new Random(candidate.stream);
        let perturbation = present;
        if (query.at === 0) perturbation = search.start(random);
        else {
          setDifference(present, example.original, candidate.best);
          search.change(present, share, random);
        }
        // What was turned down before is written over.
        if (example.image === candidate.best) example.image = new Float32Array(present.length);
        setInBox(example.image, example.original, perturbation);
        candidate.stream = random.state;
      }
      for (const { example, fooled, score } of await victim.scores([...candidates.keys()], loss)) {
        const candidate = candidates.get(example)!;
        if (fooled) candidates.delete(example);
        else if (score > candidate.score) Object.assign(candidate, { best: example.image, score });
      }
    }
    for (const [example, { best }] of candidates) example.image = best;
  },
});

/** What an example has come to before its first query. */
function untried(example: Example): Candidate {
  return { stream: randomOf(example, 'windows').state, best: example.original, score: -Infinity };
}

/** Makes a perturbation what has to be added to one image to make another. */
function setDifference(perturbation: Float64Array, from: Float32Array, to: Float32Array): void {
  for (let at = 0; at < perturbation.length; at++) perturbation[at] = to[at]! - from[at]!;
}

/** Makes an image the original with a perturbation, clipped to the pixel box. */
function setInBox(image: Float32Array, original: Float32Array, perturbation: Float64Array): void {
  for (let at = 0; at < image.length; at++) image[at] = Math.min(Math.max(original[at]! + perturbation[at]!, 0), 1);
}
