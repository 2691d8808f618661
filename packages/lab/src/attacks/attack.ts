import type { AtNumericTemperature, AttackName, AttackParameters } from '@retort/contracts';
import type { BatchSize } from '../batch-size.js';
import type { Classifier } from '../classifier.js';
import type { AttackCheckpoint } from './checkpoint.js';
import type { Example } from './example.js';
import type { Journal } from './journal.js';
import type { Victim } from './victim.js';

/** What is attacked, and how an attack is to go about it. */
export interface AttackContext {
  /** The classifier as it is deployed. */
  readonly classifier: Classifier;
  /**
   * The classifier that the images are tried on in the end, where it is another than the one that they are made on: a
   * transfer. What counts as a success is then decided here; the attack itself never asks it.
   */
  readonly transferTo?: Classifier;
  /** `n` images, one after the other, every pixel in [0, 1]. */
  readonly images: Float32Array;
  /**
   * The `n` true classes. Every example counts as given, so that an untargeted attack "succeeds" on one that is
   * misclassified already: give those that the classifier gets right.
   */
  readonly labels: ArrayLike<number>;
  /** The place of each image in its dataset, which names its random streams; 0 to n - 1 where absent. */
  readonly indices?: ArrayLike<number>;
  /** The same seed gives the same result, however the examples are cut into batches or shards. */
  readonly seed: number;
  /**
   * How many examples are attacked at a time, 128 where absent; it changes memory and speed, not the result. Where memory
   * runs out a batch is begun again at half the size, to the same result.
   */
  readonly batchSize?: number | BatchSize;
  /**
   * By how much the logit of a wrong class must lead all others before the attack takes an image for adversarial and stops
   * with it (kappa); 0 where absent, infinite to go on to the last step. For images that are to fool another classifier,
   * or a random one more often than once. What counts as a success in the end is a plain forward pass all the same.
   */
  readonly confidence?: number;
  /** Stops the attack between two passes through the classifier. */
  readonly signal?: AbortSignal;
  /** Is told after each batch how many examples are done. */
  readonly onProgress?: (done: number, of: number) => void;
  /**
   * Is offered a checkpoint between two iterations and between two batches; the attack waits for it. `take` copies the
   * state, and only until then.
   */
  readonly onCheckpoint?: (take: () => AttackCheckpoint) => void | Promise<void>;
  /**
   * Where to go on from, with the same outcome as if nothing had happened; it stays as it is. All else must be as it was
   * when the checkpoint was taken, but for the batch size, the signal and the callbacks; what a randomised classifier
   * draws is its own, so that the outcome is the same only of one that is not.
   */
  readonly resume?: AttackCheckpoint;
}

/** What an attack found; every list has one entry an example, in the order given. */
export interface AttackOutcome {
  /** The `n` attacked images, one after the other; of a failed example its last image. */
  readonly adversarial: Float32Array;
  /** The class of each attacked image, from a last forward pass over exactly these float32 values. */
  readonly predicted: number[];
  /** The probability that the classifier gives that class: the softmax of its logits, as it is deployed. */
  readonly confidence: number[];
  /** Whether that class is another than the true one or, in a targeted attack, the target. */
  readonly success: boolean[];
  /** Of a transfer: whether each image fools the classifier that it was made on. */
  readonly sourceSuccess?: boolean[];
  /** Whether every gradient or saliency map that the attack asked for was zero or not finite, so that nothing led it. */
  readonly noGradient: boolean[];
  /** Gradients that each example cost, a backward pass each; of a Jacobian, one a row. */
  readonly gradients: number[];
  /**
   * Forward passes that each example cost, without the last one and those that went with one gradient, which are counted
   * with it. One from which several gradients were drawn counts here, once.
   */
  readonly forwards: number[];
  /** Of an ensemble: the member whose image each example has; null where none fooled the classifier. */
  readonly by?: (string | null)[];
  /** Of an ensemble: its members, in the order in which they ran. */
  readonly members?: readonly MemberCount[];
}

/** What one attack of an ensemble did. */
export interface MemberCount {
  readonly name: string;
  /** Examples that it was given. */
  readonly attacked: number;
  /** Examples of those whose image fooled the classifier, within the bound of the ensemble. */
  readonly fooled: number;
}

/** An attack on any differentiable classifier. */
export interface Attack<Parameters> {
  readonly name: AttackName;
  /** Where it was published. */
  readonly paper: string;
  /**
   * Attacks every example.
   *
   * @param parameters those left out have the defaults of their schema; a `training` temperature must be resolved before
   * @throws RangeError for parameters out of range, a context whose parts do not fit each other, or the checkpoint of
   *   something else; the signal's reason when it is aborted
   */
  run(context: AttackContext, parameters: Partial<Parameters>): Promise<AttackOutcome>;
}

/** What makes one attack differ from the others: its loop over a batch. */
export interface AttackMethod<Name extends AttackName> {
  readonly name: Name;
  readonly paper: string;
  /** How far a target lies behind the label, modulo the number of classes; 0, or absent, where the attack is untargeted. */
  targetOffset?(parameters: AttackParameters[Name]): number;
  /**
   * Moves each example's `image`; stops with an example as soon as the victim is fooled by it.
   *
   * @param journal keeps what the loops carry, so that the attack can go on after a kill
   */
  perturb(
    victim: Victim,
    examples: readonly Example[],
    parameters: AtNumericTemperature<AttackParameters[Name]>,
    journal: Journal,
  ): Promise<void>;
}
