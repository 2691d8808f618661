import { concatenated } from '../gradients/rows.js';
import { distanceBetween } from '../metrics/distance.js';
import type { Attack, AttackContext, AttackOutcome, MemberCount } from './attack.js';
import { judge } from './define.js';
import { examplesOf, isFooled, type Example } from './example.js';

/** One attack of an ensemble. */
export interface Member {
  /** Unlike every other member's. */
  readonly name: string;
  readonly attack: Attack<Record<string, unknown>>;
  readonly parameters: Record<string, unknown>;
}

type Norm = 'l0' | 'l2' | 'linf';

/** Which images of its members an ensemble counts and keeps. */
export interface EnsembleRule {
  /** The first adversarial image of each example, or the nearest of all in a norm. */
  readonly keep: 'first' | Norm;
  /** How far an image may lie to count; undefined where any may. */
  readonly bound: { readonly norm: Norm; readonly epsilon: number } | undefined;
}

/** How far beyond its bound the rounding of float32 pixels may carry an image. */
const ROUNDING = 1e-6;

/** An example of an ensemble, and where the image comes from that it has now. */
interface Entry {
  readonly example: Example;
  readonly index: number;
  by: string | null;
  distance: number;
}

/**
 * Runs attacks one after the other on the same examples, and keeps one adversarial image of each example.
 *
 * Each member does what it does alone with the same seed. Any class but the label counts, whatever a member aims at. An
 * example that none fools stays at its original image.
 *
 * @param name of the ensemble, in what it says
 */
export async function runEnsemble(
  name: string,
  context: AttackContext,
  members: readonly Member[],
  { keep, bound }: EnsembleRule,
): Promise<AttackOutcome> {
  const entries = examplesOf(context, name, 0).map((example, at): Entry => ({
    example,
    index: context.indices?.[at] ?? at,
    by: null,
    distance: Infinity,
  }));
  const counts: MemberCount[] = [];
  for (const [position, { name, attack, parameters }] of members.entries()) {
    const open = keep === 'first' ? entries.filter(({ by }) => by === null) : entries;
    const tell = (share: number) => {
      const done = Math.floor((entries.length * (position + share)) / members.length);
      context.onProgress?.(done, entries.length);
    };
    const onProgress = (done: number, of: number) => tell(done / of);
    const outcome = await attack.run({ ...contextOf(context, open), onProgress }, parameters);
    let fooled = 0;
    open.forEach((entry, at) => {
      const { example } = entry;
      spend(example, outcome, at);
      const image = imageOf(outcome, at, example.original.length);
      const distances = distanceBetween(example.original, image, 1);
      const within = bound === undefined || distances[bound.norm] <= bound.epsilon + ROUNDING;
      if (!within || !isFooled(example, outcome.predicted[at]!)) return;
      fooled++;
      const distance = keep === 'first' ? 0 : distances[keep];
      if (distance >= entry.distance) return;
      Object.assign(entry, { by: name, distance });
      example.image = image;
    });
    tell(1);
    counts.push({ name, attacked: open.length, fooled });
  }
  const outcome = await judge(
    context,
    entries.map(({ example }) => example),
  );
  return { ...outcome, by: entries.map(({ by }) => by), members: counts };
}

/** The part of a context that some of its examples make. */
function contextOf(context: AttackContext, entries: readonly Entry[]): AttackContext {
  return {
    ...context,
    images: concatenated(entries.map(({ example }) => example.original)),
    labels: entries.map(({ example }) => example.label),
    indices: entries.map(({ index }) => index),
  };
}

/** Adds to an example what a member spent on it: its own passes, and the one that judged its image. */
function spend(example: Example, outcome: AttackOutcome, at: number): void {
  example.gradients += outcome.gradients[at]!;
  example.forwards += outcome.forwards[at]! + 1;
  if (outcome.noGradient[at]) example.led ??= false;
  else if (outcome.gradients[at]! > 0) example.led = true;
}

function imageOf({ adversarial }: AttackOutcome, at: number, pixels: number): Float32Array {
  return adversarial.slice(at * pixels, (at + 1) * pixels);
}
