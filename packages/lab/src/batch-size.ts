import { isOutOfMemory, OutOfMemory } from '@retort/contracts';

/**
 * How many examples go through a classifier at a time: half as many from when memory runs out, for all who share it.
 *
 * It changes memory and speed, not what is computed of an example.
 */
export class BatchSize {
  #size: number;

  /**
   * @param size a whole number from 1
   * @param onHalved is told the new size, and the error that said that memory ran out
   */
  constructor(
    size: number,
    private readonly onHalved?: (size: number, error: Error) => void,
  ) {
    if (!(Number.isInteger(size) && size > 0)) {
      throw new RangeError(`the batch size must be a whole number from 1, not ${size}`);
    }
    this.#size = size;
  }

  /** A batch size that others may share, or one of its own for a number; `usual` where none is given. */
  static of(given: number | BatchSize | undefined, usual: number): BatchSize {
    return given instanceof BatchSize ? given : new BatchSize(given ?? usual);
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Makes later batches half as large as the one that memory ran out in.
   *
   * @throws the error, where it is another; OutOfMemory where one example was too many already
   */
  halve(tried: number, error: unknown): void {
    if (!isOutOfMemory(error)) throw error;
    if (tried <= 1) {
      throw new OutOfMemory(`memory ran out with one example at a time: ${(error as Error).message}`, { cause: error });
    }
    this.#size = Math.min(this.#size, Math.floor(tried / 2));
    this.onHalved?.(this.#size, error as Error);
  }

  /**
   * Works through examples batch by batch; a batch that memory runs out in begins again at half the size.
   *
   * @param work is given the place of the batch's first example, and that behind its last
   * @throws what `work` throws, but for a lack of memory that smaller batches mend
   */
  async each(count: number, work: (first: number, end: number) => Promise<void>): Promise<void> {
    for (let first = 0; first < count;) {
      const end = Math.min(first + this.#size, count);
      try {
        await work(first, end);
        first = end;
      } catch (error) {
        this.halve(end - first, error);
      }
    }
  }
}
