/** A TensorFlow.js backend that is ready and current. */
export interface StartedBackend {
  /** Its name in TensorFlow.js. */
  readonly name: string;
  /** Versions of what computes, by name. */
  readonly versions: Record<string, string>;
  readonly threads: number;
  /** The processor or card that computes. */
  readonly device: string;
}
