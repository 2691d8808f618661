import { add, div, mul, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Optimizer as OptimizerSettings } from '@retort/contracts';

/** What an update rule sees of one parameter. */
export interface UpdateInput {
  readonly weights: Tensor;
  readonly gradient: Tensor;
  /** The rule's memory of this parameter, in the order of its `slots`; zeros before the first step. */
  readonly slots: readonly Tensor[];
  readonly learningRate: number;
  /** The number of this step, from 1. */
  readonly step: number;
}

/** How a gradient becomes a step. */
export interface UpdateRule {
  /** The names of what it remembers of each parameter. */
  readonly slots: readonly string[];
  /** The parameter and the memory after the step. */
  update(input: UpdateInput): { weights: Tensor; slots: readonly Tensor[] };
}

/** The update rule that these settings name. */
export function updateRule(settings: OptimizerSettings): UpdateRule {
  switch (settings.name) {
    case 'sgd':
      return sgd;
    case 'momentum':
      return momentum(settings.momentum);
    case 'nesterov':
      return nesterov(settings.momentum);
    case 'adam':
      return adam(settings.beta_1, settings.beta_2, settings.epsilon);
  }
}

/** w ← w - η g. */
const sgd: UpdateRule = {
  slots: [],
  update: ({ weights, gradient, learningRate }) => ({ weights: sub(weights, mul(gradient, learningRate)), slots: [] }),
};

/** Classical momentum (Polyak 1964): v ← μ v - η g, w ← w + v. */
function momentum(mu: number): UpdateRule {
  return {
    slots: ['velocity'],
    update: ({ weights, gradient, slots: [velocity], learningRate }) => {
      const next = sub(mul(velocity!, mu), mul(gradient, learningRate));
      return { weights: add(weights, next), slots: [next] };
    },
  };
}

/**
 * Nesterov momentum (Sutskever et al. 2013) in the form of Bengio et al. 2012 (arXiv 1212.0901, equation 7) that Keras
 * uses, in which the weights kept are the ones looked ahead to: v ← μ v - η g, w ← w + μ v - η g.
 */
function nesterov(mu: number): UpdateRule {
  return {
    slots: ['velocity'],
    update: ({ weights, gradient, slots: [velocity], learningRate }) => {
      const pull = mul(gradient, learningRate);
      const next = sub(mul(velocity!, mu), pull);
      return { weights: add(weights, sub(mul(next, mu), pull)), slots: [next] };
    },
  };
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1): m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²,
 * w ← w - η m̂ / (√v̂ + ε) with m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ).
 */
function adam(beta1: number, beta2: number, epsilon: number): UpdateRule {
  return {
    slots: ['first-moment', 'second-moment'],
    update: ({ weights, gradient, slots: [first, second], learningRate, step }) => {
      const m = add(mul(first!, beta1), mul(gradient, 1 - beta1));
      const v = add(mul(second!, beta2), mul(square(gradient), 1 - beta2));
      const direction = div(m, add(sqrt(div(v, 1 - beta2 ** step)), epsilon));
      return { weights: sub(weights, mul(direction, learningRate / (1 - beta1 ** step))), slots: [m, v] };
    },
  };
}
