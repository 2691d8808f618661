import { lossNamed } from '../losses/loss.js';
import { defineAttack } from './define.js';
import { normBall } from './norm-ball.js';
import { gridOf, SCHEDULED_QUERIES, squareSearch, windowShare } from './square-search.js';

/**
 * The Square attack: random search that changes one square window at a time and keeps what raises the loss.
 *
 * Andriushchenko et al. 2020, arXiv 1912.00049, algorithms 1 to 3. It sees scores only, so that nothing which hides a
 * gradient hinders it. The windows' side follows the paper's schedule. An example leaves at
 * its first adversarial image; at most `queries` forward passes. One that is not fooled keeps the image of its highest
 * loss.
 *
 * Parameters: `norm` (`linf`), `epsilon` (0.3), `queries` (5000), `initial_share` (0.8), `stretched` (true), `target_offset` (0:
 * untargeted), `loss` (`margin`), `temperature` of the loss (1).
 */
export const square = defineAttack({
  name: 'square',
  paper: 'Andriushchenko et al. 2020, arXiv 1912.00049',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, { norm, epsilon, queries, initial_share, stretched, ...objective }) {
    const loss = lossNamed(objective.loss, objective.temperature);
    const ball = normBall(norm, epsilon);
    const search = squareSearch(norm, epsilon, gridOf(victim.inputShape));
    let candidates = examples.map((example) => {
      const { original } = example;
      const random = example.random('windows');
      return { example, random, best: original, score: -Infinity };
    });
    for (let query = 0; query < queries && candidates.length > 0; query++) {
      const share = initial_share * windowShare(query, stretched ? queries : SCHEDULED_QUERIES);
      for (const { example, random, best } of candidates) {
        const { original } = example;
        const perturbation = Float64Array.from(best, (pixel, at) => pixel - original[at]!);
        const proposal = query === 0 ? search.start(random) : search.propose(perturbation, share, random);
        example.image = ball.project(original, original, proposal);
      }
      const scores = await victim.scores(
        candidates.map(({ example }) => example),
        loss,
      );
      candidates = candidates.flatMap((candidate, at) => {
        const { fooled, score, example } = scores[at]!;
        if (fooled) return [];
        return [score > candidate.score ? { ...candidate, best: example.image, score } : candidate];
      });
    }
    for (const { example, best } of candidates) example.image = best;
  },
});
