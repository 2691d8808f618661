const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** Adam over the variables of one example, in float64 (Kingma and Ba 2014, arXiv 1412.6980, with its constants). */
export class Adam {
  readonly #learningRate: number;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #steps = 0;

  /** @param size how many variables there are */
  constructor(size: number, learningRate: number) {
    this.#learningRate = learningRate;
    this.#first = new Float64Array(size);
    this.#second = new Float64Array(size);
  }

  /** What is to be added to the variables, to go down an objective of that gradient. */
  step(gradient: Float64Array): Float64Array {
    this.#steps++;
    const firstScale = 1 / (1 - BETA1 ** this.#steps);
    const secondScale = 1 / (1 - BETA2 ** this.#steps);
    return gradient.map((value, at) => {
      const first = (this.#first[at] = BETA1 * this.#first[at]! + (1 - BETA1) * value);
      const second = (this.#second[at] = BETA2 * this.#second[at]! + (1 - BETA2) * value * value);
      return (-this.#learningRate * first * firstScale) / (Math.sqrt(second * secondScale) + EPSILON);
    });
  }
}
