import type { LearningRate } from '@retort/contracts';

/**
 * How the rate follows the temperature T, by name.
 *
 * The gradient of the loss at T carries a factor 1/T, so that a constant rate stalls at large T, while a rate times T
 * can throw the net into a constant output; √T lies between them, and nets train with it from T = 1 to 100.
 */
const scales: Readonly<Record<LearningRate['rule'], (temperature: number) => number>> = {
  constant: () => 1,
  'sqrt-temperature': (temperature) => Math.sqrt(temperature),
  temperature: (temperature) => temperature,
};

/**
 * The learning rate of an epoch.
 *
 * @param temperature the softmax temperature T in training
 * @param epoch the first is 1
 */
export function learningRateAt(rate: LearningRate, temperature: number, epoch: number): number {
  const decays = Math.floor((epoch - 1) / rate.decay_every_epochs);
  return rate.base * scales[rate.rule](temperature) * rate.decay_factor ** decays;
}
