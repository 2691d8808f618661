import { mergeOutcomes, type AttackOutcome } from '@retort/lab';
import type { EngineDescription } from '@retort/engine';
import { NodeProcess } from '../measuring/node-process.js';
import type { Comparison, Outcome } from '../parity/comparison.js';
import type { Subject } from '../parity/nets.js';
import type { Load, Shard } from './child.js';

type Child = NodeProcess<Load | Shard, EngineDescription | AttackOutcome>;

/** Retort's own attacks, in a process a core, each with a share of the examples. */
export class Retort {
  private constructor(
    private readonly children: readonly Child[],
    readonly engine: EngineDescription,
  ) {}

  static async start(processes: number, engine: string, weights: string): Promise<Retort> {
    const children = Array.from({ length: processes }, (): Child => new NodeProcess('attacks/child.js'));
    const [description] = await Promise.all(children.map((child) => child.ask({ engine, weights })));
    return new Retort(children, description as EngineDescription);
  }

  /**
   * Attacks the first examples of a net; how they are shared out changes nothing but the time.
   *
   * @param processes how many of the children take part
   */
  async attack(
    { ours }: Pick<Comparison, 'ours'>,
    { images, labels }: Pick<Subject, 'images' | 'labels'>,
    examples: number,
    processes: number,
  ): Promise<Outcome> {
    const pixels = images.length / labels.length;
    const share = Math.ceil(examples / processes);
    const shards = this.children.slice(0, processes).map((child, at) => {
      const [first, end] = [at * share, Math.min((at + 1) * share, examples)];
      const own = { images: images.slice(first * pixels, end * pixels), labels: labels.slice(first, end), first };
      return { child, shard: { ...ours, ...own } };
    });
    const started = performance.now();
    const outcomes = await Promise.all(shards.map(({ child, shard }) => child.ask(shard)));
    const seconds = (performance.now() - started) / 1000;
    const { adversarial, predicted, gradients, forwards } = mergeOutcomes(outcomes as AttackOutcome[]);
    const backward = mean(gradients);
    return { adversarial, predicted, gradients: backward, forwards: backward + mean(forwards), seconds };
  }

  async close(): Promise<void> {
    await Promise.all(this.children.map((child) => child.close()));
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
