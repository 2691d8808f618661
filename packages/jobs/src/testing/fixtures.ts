import { smallestNet, type EngineDescription, type JobResult } from '@retort/contracts';
import type { Database } from '@retort/store';
import { registerArtifact } from '../artifacts.js';
import type { Delivery } from '../delivery.js';
import type { KeptArtifact } from '../finish.js';

export const engine: EngineDescription = {
  name: 'wasm',
  backend: 'wasm',
  versions: { tfjs: '4.22.0' },
  threads: 1,
  device: 'cpu',
  self_check: { passed: true, max_relative_error: 0 },
  skipped: [],
};

/** The smallest net, for tests that spoil or widen it. */
export const net = { ...smallestNet };

/** A teacher, its student, and an attack on each: `attack on student` waits for both. */
export function familySpec(changes: Record<string, unknown> = {}) {
  return {
    name: 'family',
    dataset: { name: 'mnist', train: 100, validation: 50, test: 100 },
    models: { teacher: net, student: { ...net, kind: 'distill', teacher: 'teacher', temperature: 20 } },
    attacks: { fgsm: { attack: 'fgsm', examples: { count: 5 } } },
    ...changes,
  };
}

/** The result of a net, as far as the protocol looks at it. */
export const netResult = {
  kind: 'train',
  architecture: 'compact',
  training_temperature: 1,
  deployment_temperature: 1,
  test_accuracy: { count: 97, of: 100, rate: 0.97, low: 0.91, high: 0.99 },
} as JobResult;

/** Has the database know of an artifact that lies in the store. */
export async function keepArtifact(db: Database, sha256: string): Promise<void> {
  const confirm = await registerArtifact(db, { sha256, bytes: 3, mediaType: 'application/octet-stream' });
  await confirm();
}

/** Weights that lie in the store, as far as the database knows. */
export async function keepWeights(db: Database, sha256 = 'a'.repeat(64)): Promise<KeptArtifact> {
  await keepArtifact(db, sha256);
  return { name: 'weights', sha256 };
}

/** A queue that remembers what it was sent, for tests of what Postgres decides. */
export class RecordingQueue {
  readonly sent: Delivery[] = [];
  readonly takenBack: Delivery[] = [];
  readonly called: string[] = [];
  async send(deliveries: readonly Delivery[]): Promise<void> {
    this.sent.push(...deliveries);
    return Promise.resolve();
  }
  takeBack(delivery: Delivery): Promise<void> {
    this.takenBack.push(delivery);
    return Promise.resolve();
  }
  holds(delivery: Delivery): Promise<boolean> {
    return Promise.resolve(
      this.sent.some(({ taskId, attempt }) => taskId === delivery.taskId && attempt === delivery.attempt),
    );
  }
  callWorkers(ids: readonly string[]): Promise<void> {
    this.called.push(...ids);
    return Promise.resolve();
  }
  ping = () => Promise.resolve();
  counts = () => Promise.resolve({});
  close = () => Promise.resolve();
}
