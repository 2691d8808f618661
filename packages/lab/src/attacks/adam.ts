const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/**
 * Adam over the variables of one example, in float64 (Kingma and Ba 2014, arXiv 1412.6980, with its constants); plain
 * data, so that a checkpoint can hold it.
 */
export interface Adam {
  readonly learningRate: number;
  readonly first: Float64Array;
  readonly second: Float64Array;
  steps: number;
}

/** @param size how many variables there are */
export function adam(size: number, learningRate: number): Adam {
  return { learningRate, first: new Float64Array(size), second: new Float64Array(size), steps: 0 };
}

/** What is to be added to the variables, to go down an objective of that gradient. */
export function adamStep(state: Adam, gradient: Float64Array): Float64Array {
  const { learningRate, first, second } = state;
  state.steps++;
  const firstScale = 1 / (1 - BETA1 ** state.steps);
  const secondScale = 1 / (1 - BETA2 ** state.steps);
  return gradient.map((value, at) => {
    first[at] = BETA1 * first[at]! + (1 - BETA1) * value;
    second[at] = BETA2 * second[at]! + (1 - BETA2) * value * value;
    return (-learningRate * first[at] * firstScale) / (Math.sqrt(second[at] * secondScale) + EPSILON);
  });
}
