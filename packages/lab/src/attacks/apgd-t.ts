import { targetedDlr } from '../losses/dlr.js';
import { autoPgd } from './auto-pgd.js';
import { rivalsOf } from './class-boundary.js';
import { defineAttack } from './define.js';
import type { Example } from './example.js';
import { normBall } from './norm-ball.js';

/**
 * Targeted Auto-PGD: climbs the targeted difference of logits ratio towards one likely class after another.
 *
 * Croce and Hein 2020, arXiv 2003.01690, section 4. It is untargeted in what it counts: an example leaves as soon as
 * any class but its own wins. The targets are the `targets` most likely other classes at the clean image, where one
 * forward pass ranks them and an image that is misclassified already stays as it is. Then at most `steps` gradients and
 * one forward pass a run, `restarts` runs a target, each from a random point of the ball.
 */
export const apgdT = defineAttack({
  name: 'apgd-t',
  paper: 'Croce and Hein 2020, arXiv 2003.01690',
  async perturb(victim, examples, { norm, epsilon, steps, restarts, targets }, journal) {
    const ball = normBall(norm, epsilon);
    const ranked = await journal.once('rivals', async () => {
      const clean = (await victim.readings(examples)).filter(({ fooled }) => !fooled);
      return new Map(clean.map((reading) => [reading.example, rivalsOf(reading)]));
    });
    const searching = await journal.once('searching', () => new Set(ranked.keys()));
    for (const rank = journal.loop('rank'); rank.at < Math.min(targets, victim.classes - 1); await rank.next()) {
      const lossOf = (some: readonly Example[]) => targetedDlr(some.map((example) => ranked.get(example)![rank.at]!));
      for (const run = rank.loop('run'); run.at < restarts; await run.next()) {
        await autoPgd(victim, searching, { ball, epsilon, steps, lossOf, name: `${rank.at}/${run.at}` }, run);
      }
    }
  },
});
