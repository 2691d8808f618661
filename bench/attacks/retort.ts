import { mergeOutcomes } from '@retort/lab';
import type { EngineDescription } from '@retort/engine';
import { NodeProcess } from '../measuring/node-process.js';
import type { Comparison, Outcome } from '../parity/comparison.js';
import type { Attacked, Load, Shard } from './child.js';

type Child = NodeProcess<Load | Shard, EngineDescription | Attacked>;

/** Retort's own attacks, in a process a core, each with a share of the examples. */
export class Retort {
  private constructor(
    private readonly children: readonly Child[],
    readonly engine: EngineDescription,
  ) {}

  static async start(processes: number, load: Load): Promise<Retort> {
    const children = Array.from({ length: processes }, (): Child => new NodeProcess('attacks/child.js'));
    const [description] = await Promise.all(children.map((child) => child.ask(load)));
    return new Retort(children, description as EngineDescription);
  }

  /**
   * Attacks the first examples of the net; how they are shared out changes nothing but the time.
   *
   * @param processes how many of the children take part
   * @param processorTime whether the seconds are the processor's
   */
  async attack(
    { ours }: Pick<Comparison, 'ours'>,
    examples: number,
    { processes, processorTime }: { processes: number; processorTime: boolean },
  ): Promise<Outcome> {
    const share = Math.ceil(examples / processes);
    const attacked = (await Promise.all(
      this.children.slice(0, processes).map((child, at) => {
        const [first, end] = [at * share, (at + 1) * share].map((place) => Math.min(place, examples)) as [
          number,
          number,
        ];
        return child.ask({ ...ours, first, end, processorTime });
      }),
    )) as Attacked[];
    const { adversarial, predicted, gradients } = mergeOutcomes(attacked.map(({ outcome }) => outcome));
    return {
      adversarial,
      predicted,
      gradients: sum(gradients) / examples,
      forwards: sum(attacked.map(({ forwards }) => forwards)) / examples,
      // All began together: the slowest is what one waits for.
      seconds: Math.max(...attacked.map(({ seconds }) => seconds)),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.children.map((child) => child.close()));
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
