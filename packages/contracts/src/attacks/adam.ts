import { Type } from 'typebox';

/** The step size of Adam, which each attack in tanh space takes another one of by default. */
export const adamLearningRate = (usual: number) =>
  Type.Number({
    exclusiveMinimum: 0,
    maximum: 1000,
    default: usual,
    description: 'Step size of Adam, in tanh space.',
  });
