import type { Loss } from '../losses/loss.js';
import { size } from '../nets/plan.js';
import { randomOf, type Example } from './example.js';
import type { Journal } from './journal.js';
import type { NormBall } from './norm-ball.js';
import { stepSizeCheckpoints } from './step-size-checkpoints.js';
import type { Victim } from './victim.js';

/** Share of each move that is the gradient step's; the rest repeats the move before (alpha of the paper). */
const STEP_SHARE = 0.75;

/** Share of the iterations between two checkpoints that must raise the loss for the step size to stay (rho). */
const SUFFICIENT_SHARE = 0.75;

/** One run of Auto-PGD. */
export interface AutoPgdRun {
  readonly ball: NormBall;
  /** The ball's radius, in pixel units. */
  readonly epsilon: number;
  readonly steps: number;
  /** The loss that some of the examples climb, in their order. */
  lossOf(examples: readonly Example[]): Loss;
  /** What the random starts of this run are called among those of the attack. */
  readonly name: string;
}

/** An image that the run came to, with what was seen there. */
interface Point {
  readonly image: Float32Array;
  readonly gradient: Float32Array;
  readonly score: number;
}

/** How far one example has come. */
interface Climb {
  stepSize: number;
  /** The image before the present one; undefined before the first step. */
  previous: Float32Array | undefined;
  best: Point | undefined;
  /** The score at each iteration, from the start on. */
  readonly scores: number[];
  /** The highest score up to each iteration. */
  readonly highest: number[];
  /** Whether the step size was halved at the last checkpoint. */
  halved: boolean;
}

/**
 * One run of Auto-PGD from a random point of the ball: momentum, and a step size from 2 epsilon on that is halved, with
 * a return to the best image so far, at those checkpoints between which the loss has not risen enough.
 *
 * Croce and Hein 2020, arXiv 2003.01690, algorithm 1 with conditions 1 and 2. An example leaves at its first
 * adversarial image, or where the gradient is zero at its start, since no step leads away from there; `steps` gradients
 * and one forward pass at most. One that is not fooled ends at the image of its highest loss.
 *
 * @param searching the examples that are not fooled yet; the run takes out those that it fools
 * @param journal of this run alone
 */
export async function autoPgd(
  victim: Victim,
  searching: Set<Example>,
  run: AutoPgdRun,
  journal: Journal,
): Promise<void> {
  const checkpoints = stepSizeCheckpoints(run.steps);
  const climbs = await journal.once('climbs', () => {
    return new Map(Array.from(searching, (example) => [example, climbFrom(example, run)]));
  });
  const moving = await journal.once('moving', () => new Set(searching));
  const move = new Float64Array(size(victim.inputShape));
  for (const step = journal.loop('step'); step.at < run.steps; await step.next()) {
    const examples = [...moving];
    for (const { example, fooled, gradient, stuck, score } of await victim.ascents(examples, run.lossOf(examples))) {
      if (fooled) searching.delete(example);
      if (fooled || (stuck && step.at === 0)) {
        moving.delete(example);
        continue;
      }
      const climb = climbs.get(example)!;
      const reached = arrive(climb, { image: example.image, gradient, score });
      // The paper looks back from checkpoint w once iterate w + 1 is known, and replaces that one.
      const passed = checkpoints.indexOf(step.at - 1);
      const point = passed < 0 ? reached : review(climb, reached, checkpoints[passed - 1] ?? 0, step.at - 1);
      example.image = next(climb, point, example.original, run.ball, move);
      climb.previous = point.image;
    }
  }
  for (const example of await victim.fooled([...moving])) searching.delete(example);
  for (const example of searching) example.image = climbs.get(example)!.best?.image ?? example.image;
}

function climbFrom(example: Example, { ball, epsilon, name }: AutoPgdRun): Climb {
  const { original } = example;
  example.image = ball.project(original, original, ball.sample(original.length, randomOf(example, name)));
  return { stepSize: 2 * epsilon, previous: undefined, best: undefined, scores: [], highest: [], halved: false };
}

function arrive(climb: Climb, point: Point): Point {
  if (climb.best === undefined || point.score > climb.best.score) climb.best = point;
  climb.scores.push(point.score);
  climb.highest.push(climb.best.score);
  return point;
}

/** Halves the step size and returns to the best point where too few iterations between two checkpoints rose, or none led anywhere new. */
function review(climb: Climb, reached: Point, from: number, to: number): Point {
  const { scores, highest } = climb;
  const rises = scores.slice(from, to).filter((score, at) => scores[from + at + 1]! > score).length;
  const tooFewRises = rises < SUFFICIENT_SHARE * (to - from);
  const nothingNew = !climb.halved && highest[from] === highest[to];
  climb.halved = tooFewRises || nothingNew;
  if (!climb.halved) return reached;
  climb.stepSize /= 2;
  scores[to + 1] = climb.best!.score;
  return climb.best!;
}

/**
 * The image one step on, with momentum from the second step on.
 *
 * @param move is written over
 */
function next(
  { stepSize, previous }: Climb,
  { image, gradient }: Point,
  original: Float32Array,
  ball: NormBall,
  move: Float64Array,
): Float32Array {
  const stepped = image.slice();
  ball.climb(original, stepped, gradient, stepSize);
  if (previous === undefined) return stepped;
  for (let at = 0; at < move.length; at++) {
    move[at] = STEP_SHARE * (stepped[at]! - image[at]!) + (1 - STEP_SHARE) * (image[at]! - previous[at]!);
  }
  return ball.project(original, image, move);
}
