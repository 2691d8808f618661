/** What is written of a stretch of an attack: plain data, which `structuredClone` and `v8.serialize` keep. */
export interface Page {
  /** What was done once, and what it gave. */
  readonly done: Map<string, unknown>;
  readonly loops: Map<string, Turns>;
}

/** How often a loop has turned, and what is written of its present turn. */
export interface Turns {
  at: number;
  readonly page: Page;
}

export function emptyPage(): Page {
  return { done: new Map(), loops: new Map() };
}

/**
 * Keeps what an attack's loops carry, so that the attack can go on after a kill from where it stood:
 *
 * ```
 * const searching = await journal.once('searching', () => new Set(examples));
 * for (const step = journal.loop('step'); step.at < steps && searching.size > 0; await step.next()) {
 *   for (const { example, fooled, gradient } of await victim.ascents([...searching], loss)) {
 *     if (fooled) searching.delete(example);
 *     else example.image = …;
 *   }
 * }
 * ```
 *
 * An attack that goes on runs its code from the top: what was done once is not done again but given as it was left, and
 * a loop starts at the turn that was not finished. The rest is up to the attack:
 *
 * - All that changes from one turn to the next is the examples' own, or comes from `once`, and is changed in place.
 * - It is plain data: numbers, strings, arrays, typed arrays, maps, sets, examples; no class, function or tensor.
 * - Code before a loop or between two is done `once`, where it would do harm a second time or costs a pass.
 * - A loop ends by its condition, not by `break`, so that it is still over when the code is run from the top.
 * - A loop within a turn, and what a turn does once, belong to that turn: `step.loop(…)`, `step.once(…)`.
 */
export class Journal {
  protected readonly offer: () => Promise<void>;
  readonly #page: Page;
  /** What the code has come by since the page was begun or taken up again. */
  readonly #met = new Set<string>();

  /**
   * @param page what is written already; changed in place
   * @param offer is called between two turns of every loop, when the page says all that the rest depends on
   */
  constructor(page: Page, offer: () => Promise<void>) {
    this.offer = offer;
    this.#page = page;
  }

  /**
   * Does something at its first call only.
   *
   * @param name of its own on this page
   * @returns what it gave, as the attack has changed it since
   */
  async once<Value>(name: string, act: () => Value | Promise<Value>): Promise<Value> {
    this.#meet(name);
    const { done } = this.#page;
    if (!done.has(name)) done.set(name, await act());
    return done.get(name) as Value;
  }

  /**
   * A loop, at the turn that it has come to.
   *
   * @param name of its own on this page
   */
  loop(name: string): Loop {
    this.#meet(name);
    const { loops } = this.#page;
    const turns = loops.get(name) ?? { at: 0, page: emptyPage() };
    loops.set(name, turns);
    return new Loop(turns, this.offer);
  }

  /** Forgets what was written: a new page. */
  protected turnPage(): void {
    this.#page.done.clear();
    this.#page.loops.clear();
    this.#met.clear();
  }

  #meet(name: string): void {
    if (this.#met.has(name)) throw new Error(`an attack's journal has two entries "${name}" on one page`);
    this.#met.add(name);
  }
}

/** A loop of an attack, which is a journal of its present turn. */
export class Loop extends Journal {
  readonly #turns: Turns;

  constructor(turns: Turns, offer: () => Promise<void>) {
    super(turns.page, offer);
    this.#turns = turns;
  }

  /** How many turns are finished: the number of the present one, from 0. */
  get at(): number {
    return this.#turns.at;
  }

  /** Goes on to the next turn, and offers a checkpoint between the two. */
  async next(): Promise<void> {
    this.turnPage();
    this.#turns.at++;
    await this.offer();
  }
}
