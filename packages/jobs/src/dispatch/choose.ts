import { enginesServing, type JobKind, type WantedEngine } from '@retort/contracts';
import { countBy, type Standing } from './standing.js';

/** A delivery that may be sent, as far as the choice looks at it. */
export interface Candidate {
  readonly taskId: string;
  /** Empty for a service without keys. */
  readonly apiKeyId: string;
  readonly kind: JobKind;
  /** The engine that it must go to; empty for any. */
  readonly engine: WantedEngine | '';
  /** When it was submitted, brought forward by a minute for each point of its priority. */
  readonly place: Date;
}

/** How many tasks may run at once; what is not named has no bound. */
export interface Limits {
  readonly kinds: ReadonlyMap<JobKind, number>;
  readonly keys: ReadonlyMap<string, number>;
}

/** Deliveries to the workers of each engine beyond their free slots, where more than half as many as the slots. */
export type Ahead = ReadonlyMap<string, number>;

/**
 * Chooses what is sent next, and to the workers of which engine.
 *
 * As much is sent as the workers have free slots, and half as much again, or as much as they take in a moment, so that one
 * that finishes does not wait for its next delivery; what is sent cannot be overtaken any more. The next is always one of the API key that has the
 * fewest tasks running or sent, and of that key the one with the earliest place. So a key's first job waits for no more
 * than what was sent before it, however many others wait, and within a key nothing waits for ever.
 *
 * @param candidates of each key, kind and engine at least the first ones
 */
export function choose<C extends Candidate>(
  candidates: readonly C[],
  standing: Standing,
  limits: Limits,
  ahead: Ahead = new Map(),
): { candidate: C; engine: string }[] {
  const underWay = [...standing.running, ...standing.sent];
  const ofKey = countBy(underWay, ({ apiKeyId }) => apiKeyId);
  const ofKind = countBy(underWay, ({ kind }) => kind);
  const room = roomIn(standing, ahead);
  const freeSlots = (engine: string) => room.get(engine)! - aheadOf(engine, standing, ahead);
  const isWithin = (limit: number | undefined, count = 0) => limit === undefined || count < limit;
  const engineFor = ({ apiKeyId, kind, engine: wanted }: C): string | undefined => {
    if (!isWithin(limits.kinds.get(kind), ofKind.get(kind))) return undefined;
    if (!isWithin(limits.keys.get(apiKeyId), ofKey.get(apiKeyId))) return undefined;
    const serving = (enginesServing(wanted || undefined) ?? [...room.keys()]).filter(
      (engine) => (room.get(engine) ?? 0) > 0,
    );
    return serving.sort((one, other) => freeSlots(other) - freeSlots(one))[0];
  };

  const waiting = [...groupByKey(candidates).values()].map((of) => of.sort(byPlace).reverse());
  const chosen: { candidate: C; engine: string }[] = [];
  for (;;) {
    let next: { from: C[]; candidate: C; engine: string } | undefined;
    for (const from of waiting) {
      // Rooms and limits only get fuller, so that what has no place now has none in this choice.
      while (from.length > 0 && engineFor(from.at(-1)!) === undefined) from.pop();
      const candidate = from.at(-1);
      if (!candidate || (next && !goesBefore(candidate, next.candidate))) continue;
      next = { from, candidate, engine: engineFor(candidate)! };
    }
    if (!next) return chosen;
    const { from, candidate, engine } = next;
    from.pop();
    chosen.push({ candidate, engine });
    add(ofKey, candidate.apiKeyId, 1);
    add(ofKind, candidate.kind, 1);
    add(room, engine, -1);
  }

  function goesBefore(one: C, other: C): boolean {
    const fewer = (ofKey.get(one.apiKeyId) ?? 0) - (ofKey.get(other.apiKeyId) ?? 0);
    return (fewer || byPlace(one, other)) < 0;
  }
}

/** How many more deliveries may be sent to the workers of each engine. */
export function roomIn(standing: Standing, ahead: Ahead): Map<string, number> {
  const { slots, running, sent } = standing;
  const underWay = countBy([...running, ...sent], ({ engine }) => engine);
  return new Map(
    [...slots].map(([engine, count]) => {
      const window = count + aheadOf(engine, standing, ahead);
      return [engine, Math.max(0, window - (underWay.get(engine) ?? 0))];
    }),
  );
}

/**
 * Whether so much of what was sent has been taken that more is to be sent: anything where tasks take long; half of what is
 * sent ahead where they do not, so that several share a look.
 */
export function isMoreDue(standing: Standing, ahead: Ahead): boolean {
  return [...roomIn(standing, ahead)].some(([engine, room]) => room > 0 && room >= (ahead.get(engine) ?? 0) / 2);
}

/** Deliveries that are sent to the workers of an engine beyond their free slots. */
function aheadOf(engine: string, { slots }: Standing, ahead: Ahead): number {
  return Math.max(Math.ceil(slots.get(engine)! / 2), ahead.get(engine) ?? 0);
}

function byPlace(one: Candidate, other: Candidate): number {
  // Task identifiers grow in the order of the plan.
  return one.place.getTime() - other.place.getTime() || (one.taskId < other.taskId ? -1 : 1);
}

function groupByKey<C extends Candidate>(candidates: readonly C[]): Map<string, C[]> {
  const groups = new Map<string, C[]>();
  for (const candidate of candidates) {
    const group = groups.get(candidate.apiKeyId);
    if (group) group.push(candidate);
    else groups.set(candidate.apiKeyId, [candidate]);
  }
  return groups;
}

function add<K>(counts: Map<K, number>, key: K, number: number): void {
  counts.set(key, (counts.get(key) ?? 0) + number);
}
