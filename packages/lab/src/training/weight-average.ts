import { add, mul, tensor, tidy, variable, type Variable } from '@tensorflow/tfjs-core';
import type { Parameter } from '../nets/net.js';
import { decodeSafetensors, encodeSafetensors, tensorNamed } from '../weights/safetensors.js';

/**
 * An exponential moving average of a net's weights (Polyak and Juditsky 1992, in the form of today's frameworks):
 * a ← d a + (1 - d) w after every step, with d = min(decay, (1 + step) / (10 + step)), so that a short training is not
 * an average of its beginning.
 */
export class WeightAverage {
  readonly #parameters: readonly Parameter[];
  readonly #decay: number;
  readonly #averages: readonly Variable[];
  #step = 0;

  /** @param decay in [0, 1) */
  constructor(decay: number, parameters: readonly Parameter[]) {
    this.#decay = decay;
    this.#parameters = parameters;
    this.#averages = parameters.map((parameter) => tidy(() => variable(parameter.variable.clone(), false)));
  }

  /** Takes the present weights in; to be called after every step. */
  update(): void {
    const step = ++this.#step;
    const decay = Math.min(this.#decay, (1 + step) / (10 + step));
    for (const [index, average] of this.#averages.entries()) {
      const { variable: weights } = this.#parameters[index]!;
      tidy(() => average.assign(add(mul(average, decay), mul(weights, 1 - decay))));
    }
  }

  /** Puts the average into the net and keeps the net's weights in its place; once more puts both back. */
  exchange(): void {
    for (const [index, average] of this.#averages.entries()) {
      const { variable: weights } = this.#parameters[index]!;
      tidy(() => {
        const kept = weights.clone();
        weights.assign(average.clone());
        average.assign(kept);
      });
    }
  }

  /** The average, as bytes from which {@link restore} goes on bit for bit. */
  async state(): Promise<Uint8Array> {
    const tensors = this.#averages.map(async (average, index) => ({
      name: this.#parameters[index]!.name,
      shape: average.shape,
      values: await average.data<'float32'>(),
    }));
    return encodeSafetensors(await Promise.all(tensors), { step: String(this.#step) });
  }

  /**
   * Takes over another average.
   *
   * @throws Error when the state is not one of these parameters
   */
  restore(state: Uint8Array): void {
    const { tensors, metadata } = decodeSafetensors(state);
    for (const [index, average] of this.#averages.entries()) {
      const { values } = tensorNamed(tensors, this.#parameters[index]!.name, average.shape);
      tidy(() => average.assign(tensor(values, average.shape)));
    }
    this.#step = Number(metadata.step);
  }

  dispose(): void {
    for (const average of this.#averages) average.dispose();
  }
}
