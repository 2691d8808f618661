/**
 * The search for the smallest constant that weighs the loss heavily enough against the distance: up tenfold until it
 * succeeds, then by halving the interval.
 *
 * Carlini and Wagner 2016, arXiv 1608.04644, section VI.
 */
export class ConstantSearch {
  /** The constant to be tried. */
  value: number;
  #low = 0;
  #high = Infinity;

  constructor(initial: number) {
    this.value = initial;
  }

  /** Turns to the next constant, after what the present one did. */
  turn(succeeded: boolean): void {
    if (succeeded) this.#high = this.value;
    else this.#low = this.value;
    this.value = this.#high < Infinity ? (this.#low + this.#high) / 2 : this.value * 10;
  }
}
