import { Adam } from './adam.js';
import { TanhBox } from './tanh-box.js';

/** An image on its way down an objective by Adam in tanh space (Carlini and Wagner 2016, arXiv 1608.04644). */
export class TanhDescent {
  readonly #box: TanhBox;
  readonly #adam: Adam;
  #objective = Infinity;
  #objectiveBefore = Infinity;

  /**
   * @param origin the image to begin with
   * @param slack of the tanh box
   * @param learningRate of Adam
   */
  constructor(origin: Float32Array, slack: number, learningRate: number) {
    this.#box = new TanhBox(origin, slack);
    this.#adam = new Adam(origin.length, learningRate);
  }

  /** The image as it is now. */
  get image(): Float32Array {
    return this.#box.image;
  }

  /**
   * One step of Adam.
   *
   * @param objective at the present image
   * @param gradient the objective's, by the pixels
   */
  step(objective: number, gradient: Float64Array): void {
    this.#objective = objective;
    this.#box.move(this.#adam.step(this.#box.pullBack(gradient)));
  }

  /** Whether the objective is hardly lower than when this was last asked. */
  stalled(): boolean {
    const stalled = this.#objective > 0.9999 * this.#objectiveBefore;
    this.#objectiveBefore = this.#objective;
    return stalled;
  }
}
