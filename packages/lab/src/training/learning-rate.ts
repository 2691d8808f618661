import type { LearningRate, Schedule } from '@retort/contracts';

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

/** A step of a training. */
export interface Moment {
  /** From 1. */
  readonly epoch: number;
  /** Within the epoch, from 1. */
  readonly step: number;
  /** How many steps an epoch has. */
  readonly steps: number;
  /** How many epochs the training has. */
  readonly epochs: number;
}

/**
 * The learning rate of a step: the base times what the temperature, the decay, the schedule and the warm-up make of it.
 *
 * The cosine is that of Loshchilov and Hutter 2017 (arXiv 1608.03983, equation 5) without restarts, the linear warm-up
 * that of Goyal et al. 2017 (arXiv 1706.02677, section 2.2).
 *
 * @param temperature the softmax temperature T in training
 */
export function learningRateAt(rate: LearningRate, temperature: number, moment: Moment): number {
  const { epoch, step, steps } = moment;
  const decays = Math.floor((epoch - 1) / rate.decay_every_epochs);
  const decayed = rate.base * scales[rate.rule](temperature) * rate.decay_factor ** decays;
  const { warmup_epochs: warmup = 0 } = rate;
  const done = epoch - 1 + step / steps;
  return decayed * scheduled(rate.schedule, moment) * (done < warmup ? done / warmup : 1);
}

function scheduled(schedule: Schedule | undefined, { epoch, step, steps, epochs }: Moment): number {
  switch (schedule?.name) {
    case undefined:
      return 1;
    case 'cosine': {
      const share = (epoch - 1 + (step - 1) / steps) / epochs;
      return schedule.final_share + (1 - schedule.final_share) * 0.5 * (1 + Math.cos(Math.PI * share));
    }
    case 'piecewise': {
      const begun = schedule.pieces.filter(({ from_epoch }) => from_epoch <= epoch);
      const latest = Math.max(...begun.map(({ from_epoch }) => from_epoch));
      return begun.findLast(({ from_epoch }) => from_epoch === latest)?.factor ?? 1;
    }
  }
}
