import type { CwL0Parameters } from '@retort/contracts';
import { margin } from '../losses/margin.js';
import type { Example } from './example.js';
import type { Journal } from './journal.js';
import { NearestFound } from './nearest-found.js';
import { difference } from './norm.js';
import { hasStalled, stepDown, tanhDescent, type TanhDescent } from './tanh-descent.js';
import type { Answer, Victim } from './victim.js';

/** What a descent has come to: an image, and what was said of it. */
export interface Arrival extends Answer {
  /** Its margin, as the victim scores it. */
  readonly score: number;
  readonly perturbation: Float64Array;
}

/** How one attack asks an example for ever more; what it asks (a stage) is plain data, so that a checkpoint can hold it. */
export interface Stages<Stage> {
  /** What counts as near. */
  length(perturbation: Float64Array): number;
  /** What is asked at first. */
  first(example: Example): Stage;
  /** Whether an image has what is asked. */
  isPassed(stage: Stage, arrival: Arrival): boolean;
  /**
   * Asks for more, after an image that had what was asked.
   *
   * @returns where the next descent begins; undefined where no more can be asked
   */
  harden(stage: Stage, arrival: Arrival): Float32Array | undefined;
  /**
   * What is brought down until an image has what is asked.
   *
   * @returns its value, and its gradient by the pixels
   */
  objective(stage: Stage, constant: number, arrival: Arrival): { value: number; gradient: Float64Array };
}

type StageParameters = Pick<
  CwL0Parameters,
  'steps' | 'learning_rate' | 'slack' | 'initial_constant' | 'largest_constant'
>;

/** One example on its way through the stages. */
interface Search<Stage> {
  readonly stage: Stage;
  /** c, which weighs the loss. */
  constant: number;
  /** Where descents begin: the original, then where the last success ended. */
  start: Float32Array;
  path: TanhDescent;
  /** How many steps of the path are done. */
  steps: number;
}

/**
 * Descends in tanh space, asks for more after each success, and doubles the constant c after each failure, until no more
 * can be asked or c has reached its end; keeps the nearest adversarial image of all.
 *
 * Carlini and Wagner 2016, arXiv 1608.04644, sections VI.A and VI.C. A descent fails after `steps` gradients, or once a
 * tenth of them has hardly lowered its objective.
 */
export async function descendInStages<Stage>(
  victim: Victim,
  examples: readonly Example[],
  parameters: StageParameters,
  stages: Stages<Stage>,
  journal: Journal,
): Promise<void> {
  const nearest = await NearestFound.in(journal, (perturbation) => stages.length(perturbation));
  const searches = await journal.once('searches', async () => {
    const unfooled = await victim.unfooled(examples);
    return new Map(unfooled.map((example) => [example, firstSearch(example, stages.first(example), parameters)]));
  });
  for (const turn = journal.loop('turn'); searches.size > 0; await turn.next()) {
    for (const [example, { path }] of searches) example.image = path.image;
    for (const answer of await victim.ascents([...searches.keys()], margin)) {
      const { example, fooled } = answer;
      if (fooled) nearest.offer(example);
      const arrival = { ...answer, perturbation: difference(example.original, example.image) };
      if (!goesOn(searches.get(example)!, arrival, parameters, stages)) searches.delete(example);
    }
  }
  await nearest.settle(victim, examples, journal);
}

function firstSearch<Stage>(example: Example, stage: Stage, parameters: StageParameters): Search<Stage> {
  const start = example.original;
  const path = pathFrom(start, parameters);
  return { stage, constant: parameters.initial_constant, start, path, steps: 0 };
}

/** Turns a search to its next image, or says that it is over. */
function goesOn<Stage>(
  search: Search<Stage>,
  arrival: Arrival,
  parameters: StageParameters,
  stages: Stages<Stage>,
): boolean {
  const { steps, largest_constant } = parameters;
  if (stages.isPassed(search.stage, arrival)) {
    const start = stages.harden(search.stage, arrival);
    if (start === undefined) return false;
    Object.assign(search, { start, path: pathFrom(start, parameters), steps: 0 });
    return true;
  }
  const { value, gradient } = stages.objective(search.stage, search.constant, arrival);
  stepDown(search.path, value, gradient);
  search.steps++;
  const patience = Math.ceil(steps / 10);
  if (search.steps < steps && !(search.steps % patience === 0 && hasStalled(search.path))) return true;
  Object.assign(search, { constant: 2 * search.constant, path: pathFrom(search.start, parameters), steps: 0 });
  return search.constant <= largest_constant;
}

function pathFrom(start: Float32Array, { slack, learning_rate }: StageParameters): TanhDescent {
  return tanhDescent(start, slack, learning_rate);
}
