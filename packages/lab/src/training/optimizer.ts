import { tensor, tidy, variable, zerosLike, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import type { Optimizer as OptimizerSettings } from '@retort/contracts';
import type { Parameter } from '../nets/net.js';
import { decodeSafetensors, encodeSafetensors, tensorNamed } from '../weights/safetensors.js';
import { updateRule, type UpdateRule } from './update-rules.js';

/**
 * Moves the parameters of a net by gradients and remembers what its update rule needs.
 *
 * The optimizers of tfjs-core do not serve: their Adam does not come back from `setWeights` with the same powers of β, so
 * that a resumed run would differ, and they hold one learning rate for good.
 */
export class Optimizer {
  readonly #parameters: readonly Parameter[];
  readonly #rule: UpdateRule;
  readonly #slots: readonly (readonly Variable[])[];
  #step = 0;

  constructor(settings: OptimizerSettings, parameters: readonly Parameter[]) {
    this.#parameters = parameters;
    this.#rule = updateRule(settings);
    this.#slots = parameters.map((parameter) =>
      this.#rule.slots.map(() => tidy(() => variable(zerosLike(parameter.variable), false))),
    );
  }

  /**
   * Moves every parameter by one step.
   *
   * @param gradients one a parameter, in the same order; the caller disposes them
   */
  apply(gradients: readonly Tensor[], learningRate: number): void {
    const step = ++this.#step;
    for (const [index, { variable }] of this.#parameters.entries()) {
      const slots = this.#slots[index]!;
      tidy(() => {
        const next = this.#rule.update({ weights: variable, gradient: gradients[index]!, slots, learningRate, step });
        variable.assign(next.weights);
        for (const [which, slot] of slots.entries()) slot.assign(next.slots[which]!);
      });
    }
  }

  /** What it remembers, as bytes from which {@link restore} goes on bit for bit. */
  async state(): Promise<Uint8Array> {
    const tensors = this.#named().map(async ([name, slot]) => ({
      name,
      shape: slot.shape,
      values: await slot.data<'float32'>(),
    }));
    return encodeSafetensors(await Promise.all(tensors), { step: String(this.#step) });
  }

  /**
   * Takes over what another optimizer remembered.
   *
   * @throws Error when the state is not one of these settings and parameters
   */
  restore(state: Uint8Array): void {
    const { tensors, metadata } = decodeSafetensors(state);
    const step = Number(metadata.step);
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new Error(`an optimizer's state counts its steps, but 'step' is ${metadata.step ?? 'absent'}`);
    }
    for (const [name, slot] of this.#named()) {
      const { values } = tensorNamed(tensors, name, slot.shape);
      tidy(() => slot.assign(tensor(values, slot.shape)));
    }
    this.#step = step;
  }

  dispose(): void {
    for (const [, slot] of this.#named()) slot.dispose();
  }

  #named(): [string, Variable][] {
    return this.#parameters.flatMap(({ name }, index) =>
      this.#rule.slots.map((slot, which): [string, Variable] => [`${slot}/${name}`, this.#slots[index]![which]!]),
    );
  }
}
