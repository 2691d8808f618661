import { concatenated } from '../gradients/rows.js';
import { distanceBetween } from '../metrics/distance.js';
import type { Attack, AttackContext, AttackOutcome, MemberCount } from './attack.js';
import { startOrResume, type AttackCheckpoint } from './checkpoint.js';
import { judge } from './define.js';
import { assertContext, examplesOf, isFooled, type Example } from './example.js';

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

/** How far an ensemble has come: all that a checkpoint of it holds. */
interface Standing {
  readonly entries: readonly Entry[];
  /** What the members that are done did. */
  readonly counts: MemberCount[];
  /** How far the member after those has come; undefined before it begins. */
  member: AttackCheckpoint | undefined;
}

/**
 * Runs attacks one after the other on the same examples, and keeps one adversarial image of each example.
 *
 * Each member does what it does alone with the same seed. Any class but the label counts, whatever a member aims at. An
 * example that none fools stays at its original image.
 *
 * @param ensemble its name and its parameters, by which its checkpoints are recognised
 */
export async function runEnsemble(
  ensemble: { readonly name: string; readonly parameters: object },
  context: AttackContext,
  members: readonly Member[],
  { keep, bound }: EnsembleRule,
): Promise<AttackOutcome> {
  assertContext(context, 0);
  const { state, offer } = startOrResume(ensemble.name, ensemble.parameters, context, (): Standing => ({
    entries: entriesOf(context, ensemble.name),
    counts: [],
    member: undefined,
  }));
  const { entries, counts } = state;
  while (counts.length < members.length) {
    const position = counts.length;
    const { name, attack, parameters } = members[position]!;
    const open = keep === 'first' ? entries.filter(({ by }) => by === null) : entries;
    const tell = (share: number) => {
      const done = Math.floor((entries.length * (position + share)) / members.length);
      context.onProgress?.(done, entries.length);
    };
    const onProgress = (done: number, of: number) => tell(done / of);
    const onCheckpoint = (take: () => AttackCheckpoint) => offer(() => ({ ...state, member: take() }));
    const outcome = await attack.run(
      { ...contextOf(context, open), resume: state.member, onProgress, onCheckpoint },
      parameters,
    );
    let fooled = 0;
    open.forEach((entry, at) => {
      const { example } = entry;
      spend(example, outcome, at);
      const image = imageOf(outcome, at, example.original.length);
      const distances = distanceBetween(example.original, image, 1);
      const within = bound === undefined || distances[bound.norm] <= bound.epsilon + ROUNDING;
      if (!within || !isFooled(example, outcome.predicted[at]!, context.classifier.rejection)) return;
      fooled++;
      const distance = keep === 'first' ? 0 : distances[keep];
      if (distance >= entry.distance) return;
      Object.assign(entry, { by: name, distance });
      example.image = image;
    });
    tell(1);
    counts.push({ name, attacked: open.length, fooled });
    state.member = undefined;
    await offer(() => state);
  }
  const outcome = await judge(
    context,
    entries.map(({ example }) => example),
  );
  return { ...outcome, by: entries.map(({ by }) => by), members: counts };
}

function entriesOf(context: AttackContext, name: string): Entry[] {
  return examplesOf(context, name, 0).map((example, at) => ({
    example,
    index: context.indices?.[at] ?? at,
    by: null,
    distance: Infinity,
  }));
}

/** The part of a context that some of its examples make; only the ensemble's own images are tried on another net. */
function contextOf(context: AttackContext, entries: readonly Entry[]): AttackContext {
  return {
    ...context,
    transferTo: undefined,
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
