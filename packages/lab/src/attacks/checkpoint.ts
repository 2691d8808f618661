import { createHash } from 'node:crypto';
import type { AttackContext } from './attack.js';

/**
 * An attack between two of its iterations: all that the rest of it depends on, beside what it was given.
 *
 * It is plain data, which `structuredClone` and `v8.serialize` keep.
 */
export interface AttackCheckpoint {
  readonly of: Undertaking;
  /** How far it has come, as the attack itself writes it. */
  readonly state: unknown;
}

/** What an attack was asked to do, by which a checkpoint is recognised. */
export interface Undertaking {
  readonly attack: string;
  /** All of them, those left out at their defaults. */
  readonly parameters: object;
  readonly seed: number;
  /** Kappa; null where it is infinite, which JSON lacks. */
  readonly confidence: number | null;
  readonly examples: number;
  /** The sha256 of the images, the labels and the indices. */
  readonly data: string;
}

/** A way to offer where an attack stands, for its caller to take. */
export type Offer<State> = (state: () => State) => Promise<void>;

/**
 * Where an attack begins, or where it goes on from the checkpoint of its context.
 *
 * @param begin gives its first state: plain data
 * @throws RangeError when the checkpoint is of something else
 */
export function startOrResume<State>(
  attack: string,
  parameters: object,
  context: AttackContext,
  begin: () => State,
): { state: State; offer: Offer<State> } {
  const { onCheckpoint, resume } = context;
  if (!onCheckpoint && !resume) return { state: begin(), offer: () => Promise.resolve() };
  const of = undertakingOf(attack, parameters, context);
  return {
    state: resume ? stateOf<State>(resume, of) : begin(),
    offer: async (state) => onCheckpoint?.(() => structuredClone({ of, state: state() })),
  };
}

function undertakingOf(attack: string, parameters: object, context: AttackContext): Undertaking {
  const { images, labels, indices, seed, confidence = 0 } = context;
  const numbers = Float64Array.from([...Array.from(labels), ...Array.from(indices ?? [])]);
  const data = createHash('sha256').update(bytesOf(images)).update(bytesOf(numbers)).digest('hex');
  return {
    attack,
    parameters,
    seed,
    confidence: confidence === Infinity ? null : confidence,
    examples: labels.length,
    data,
  };
}

function stateOf<State>(checkpoint: AttackCheckpoint, undertaking: Undertaking): State {
  for (const part of Object.keys(undertaking) as (keyof Undertaking)[]) {
    const [found, wanted] = [checkpoint.of[part], undertaking[part]].map((value) => JSON.stringify(value));
    if (found === wanted) continue;
    throw new RangeError(
      `the checkpoint is of another attack: its ${part} is ${found}, not ${wanted}; resume only the attack that took it`,
    );
  }
  return structuredClone(checkpoint.state) as State;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
