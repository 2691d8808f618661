import { Random } from './random.js';

/** What can go wrong, and how often it does in comparison with the others. */
const weights = {
  'kill a worker': 3,
  'kill a compute child': 3,
  'kill an API': 2,
  'stop and continue a worker': 2,
  'drain a worker': 2,
  'empty Redis': 2,
  'kill Redis': 1,
  'restart Postgres': 1,
  'cut all connections to Redis': 2,
  'cut all connections to Postgres': 2,
  'freeze all connections to Redis': 1,
  'freeze all connections to Postgres': 1,
} as const;

export type FaultKind = keyof typeof weights;

/** One fault of a soak. */
export interface Fault {
  readonly kind: FaultKind;
  /** Milliseconds from the start of the soak. */
  readonly at: number;
  /** Which of the candidates it meets, from 0 to, not including, 1. */
  readonly whom: number;
  /** Milliseconds that it lasts, where it does. */
  readonly lasts: number;
}

const kinds = Object.entries(weights).flatMap(([kind, weight]) => Array<FaultKind>(weight).fill(kind as FaultKind));

/** The faults of a soak: the same seed draws the same. */
export function drawFaults(seed: number, seconds: number): Fault[] {
  const random = new Random(seed);
  const faults: Fault[] = [];
  for (let at = random.between(500, 3000); at < seconds * 1000; at += random.between(1000, 5000)) {
    const fault = { kind: random.oneOf(kinds), at, whom: random.next(), lasts: random.between(200, 8000) };
    faults.push(fault);
  }
  return faults;
}
