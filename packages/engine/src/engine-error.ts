/** What keeps an engine from being used. */
export type EngineProblem =
  /** No engine has this name. */
  | 'unknown'
  /** Its package is not installed. */
  | 'absent'
  /** Its package is installed but does not load or start. */
  | 'broken'
  /** It would compute on the CPU while a GPU was meant. */
  | 'no_gpu'
  /** It computes, but its results are wrong. */
  | 'wrong'
  /** It computed, and can do so no longer in this process. */
  | 'lost';

/** Says why an engine cannot be used, and how to get it. */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  /**
   * @param why what is the matter, as a clause without a full stop
   * @param remedy what would help: a sentence, with the exact command where there is one
   */
  constructor(
    readonly engine: string,
    readonly problem: EngineProblem,
    readonly why: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`The engine ${engine} cannot be used: ${why}. ${remedy}`, options);
  }
}
