import type { AttackName, Evaluation, EvaluationAttack, EvaluationParameters, Rate } from '@retort/contracts';
import { rateOf } from '@retort/statistics';
import { attackNamed } from '../attacks/attacks.js';
import type { AttackCheckpoint } from '../attacks/checkpoint.js';
import { isFooled } from '../attacks/example.js';
import type { BatchSize } from '../batch-size.js';
import type { Classifier } from '../classifier.js';
import { rows } from '../gradients/rows.js';
import { distanceBetween } from '../metrics/distance.js';
import { size } from '../nets/plan.js';
import type { Blow, Blows } from './blows.js';

/** How far beyond epsilon a perturbation may measure: the rounding of float32 pixels. */
const ROUNDING = 1e-6;

/** An attack as an evaluation is to run it. */
export interface Assault {
  readonly name: string;
  readonly attack: AttackName;
  readonly parameters: Record<string, unknown>;
  /** What the attack sees; its images are judged by the classifier that is evaluated. */
  readonly against: Classifier;
  /** What `against` is called where it is another net. */
  readonly source?: string;
  /** Passes through the classifier that one of the attack's own stands for. */
  readonly draws?: number;
  /** By how much a wrong logit must lead before the attack stops with an example; 0 where absent. */
  readonly confidence?: number;
  /** The radius in which its images count for it, where that is not the threat's; those beyond the threat's count for nothing else. */
  readonly epsilon?: number;
  /** Added to the seed, so that an attack starts elsewhere than another of its kind. */
  readonly seedShift?: number;
}

/** The examples under attack, and who judges the images that attacks leave. */
export interface Besieged {
  readonly classifier: Classifier;
  /** Every image correctly classified, one after the other. */
  readonly images: Float32Array;
  readonly labels: readonly number[];
  /** The place of each in its dataset. */
  readonly indices: readonly number[];
  readonly threat: EvaluationParameters;
  readonly seed: number;
  readonly batchSize?: number | BatchSize;
  readonly signal?: AbortSignal;
  /** The class of each of many images, as an answer is reckoned. */
  readonly predict: (images: Float32Array, count: number) => Promise<number[]>;
  /** Is told which attack runs, and which share of its examples is done. */
  readonly onProgress?: (stage: string, share: number) => void;
  /** What attacks have made of examples already, which are not attacked with them again; what they do now is added. */
  readonly blows: Blows;
  /** The places of those that attacks are run on; they leave the others as they are. All where absent. */
  readonly within?: ReadonlySet<number>;
  /** Where the attack stands that was interrupted: the first of those that `blows` do not tell the end of. */
  readonly resume?: AttackCheckpoint;
  /** Is offered a checkpoint of the attack that runs, between two of its iterations. */
  readonly onCheckpoint?: (take: () => AttackCheckpoint | undefined) => void | Promise<void>;
}

/** The nearest adversarial image known of an example. */
interface Found {
  readonly image: Float32Array;
  readonly predicted: number;
  readonly distance: number;
  /** Position in the list of attacks. */
  readonly by: number;
}

/** The attacks on one classifier, in turn: what each reached, and the worst case of all of them for each example. */
export class Battery {
  /** Every attack that has run. */
  readonly attacks: EvaluationAttack[] = [];
  /** The place of every example: what an attack on all of them is given. */
  readonly all: readonly number[];
  readonly #besieged: Besieged;
  readonly #found: (Found | undefined)[];
  #resume: AttackCheckpoint | undefined;

  constructor(besieged: Besieged) {
    this.#besieged = besieged;
    this.all = besieged.labels.map((_, at) => at);
    this.#found = besieged.labels.map(() => undefined);
    this.#resume = besieged.resume;
  }

  /** The places of the examples that no attack has fooled the classifier on. */
  get standing(): number[] {
    return this.all.filter((at) => this.#found[at] === undefined);
  }

  /** The share of examples that still stand. */
  get robustAccuracy(): Rate {
    return rateOf(this.standing.length, this.all.length);
  }

  /** The nearest adversarial image found of each example; undefined where it stands. */
  get found(): readonly (Pick<Found, 'image' | 'predicted'> | undefined)[] {
    return this.#found;
  }

  /** The strongest attack on each example. */
  get strongest(): Evaluation['strongest'] {
    return {
      index: [...this.#besieged.indices],
      by: this.#found.map((found) => found?.by ?? -1),
      distance: this.#found.map((found) => (found ? Number(found.distance.toPrecision(6)) : null)),
    };
  }

  /**
   * Attacks the examples at those places.
   *
   * @returns the places whose images fool the classifier
   */
  async run(assault: Assault, places: readonly number[]): Promise<Set<number>> {
    const { labels, threat, within, onProgress } = this.#besieged;
    const { name, attack, parameters, source, draws = 1, epsilon = threat.epsilon } = assault;
    onProgress?.(name, 0);
    const attacked = within ? places.filter((place) => within.has(place)) : places;
    if (attacked.length === 0) return new Set();
    const blows = await this.#strike(assault, attacked);
    const { rejection } = this.#besieged.classifier;
    const fooled = new Set(
      attacked.filter((place, at) => {
        const { predicted, distance } = blows[at]!;
        const isWrong = isFooled({ label: labels[place]!, target: undefined }, predicted, rejection);
        return isWrong && distance <= epsilon + ROUNDING;
      }),
    );
    const which = this.#which(places);
    attacked.forEach((place, at) => {
      const { image, predicted, distance } = blows[at]!;
      const nearer = distance < (this.#found[place]?.distance ?? Infinity);
      if (!fooled.has(place) || image === undefined || !nearer) return;
      this.#found[place] = { image, predicted, distance, by: this.attacks.length };
    });
    this.attacks.push({
      name,
      attack,
      parameters,
      ...(source !== undefined && { source }),
      attacked: which,
      within_threat: epsilon <= threat.epsilon,
      success: rateOf(fooled.size, attacked.length),
      robust_accuracy: this.robustAccuracy,
      gradients: draws * total(blows.map(({ gradients }) => gradients)),
      forwards: draws * total(blows.map(({ forwards }) => forwards)),
      no_gradient: blows.filter(({ noGradient }) => noGradient).length,
    });
    return fooled;
  }

  /** What the attack makes of the examples at those places: what is known of it, and what it has yet to do. */
  async #strike(assault: Assault, places: readonly number[]): Promise<Blow[]> {
    const { indices, blows } = this.#besieged;
    const known = blows.of(assault);
    const open = places.filter((place) => !known.has(indices[place]!));
    if (open.length > 0) {
      const dealt = await this.#attack(assault, open);
      open.forEach((place, at) => known.set(indices[place]!, dealt[at]!));
      await this.#besieged.onCheckpoint?.(() => undefined);
    }
    return places.map((place) => known.get(indices[place]!)!);
  }

  async #attack(assault: Assault, places: readonly number[]): Promise<Blow[]> {
    const { classifier, images, labels, indices, threat, seed, batchSize, signal, onProgress, onCheckpoint } =
      this.#besieged;
    const { name, attack, parameters, against, confidence, seedShift = 0 } = assault;
    const chosen = this.#images(images, places);
    const resume = this.#resume;
    this.#resume = undefined;
    const outcome = await attackNamed(attack).run(
      {
        classifier: against,
        images: chosen,
        labels: places.map((at) => labels[at]!),
        indices: places.map((at) => indices[at]!),
        seed: seed + seedShift,
        confidence,
        batchSize,
        signal,
        resume,
        onProgress: (done, of) => onProgress?.(name, done / of),
        onCheckpoint,
      },
      parameters,
    );
    const predicted = await this.#besieged.predict(outcome.adversarial, places.length);
    const pixels = size(classifier.inputShape);
    const originals = rows(chosen, pixels);
    return rows(outcome.adversarial, pixels).map((image, at) => {
      const distance = distanceBetween(originals[at]!, image, 1)[threat.norm];
      const answer = predicted[at]!;
      const fooled = isFooled({ label: labels[places[at]!]!, target: undefined }, answer, classifier.rejection);
      return {
        predicted: answer,
        distance,
        // A copy: what is left of the batch is let go.
        image: fooled && distance <= threat.epsilon + ROUNDING ? image.slice() : undefined,
        gradients: outcome.gradients[at]!,
        forwards: outcome.forwards[at]!,
        noGradient: outcome.noGradient[at]!,
      };
    });
  }

  #which(places: readonly number[]): EvaluationAttack['attacked'] {
    if (places.length === this.all.length) return 'all';
    const standing = this.standing;
    return places.length === standing.length && places.every((place, at) => place === standing[at])
      ? 'standing'
      : 'some';
  }

  #images(images: Float32Array, places: readonly number[]): Float32Array {
    const pixels = size(this.#besieged.classifier.inputShape);
    const chosen = new Float32Array(places.length * pixels);
    places.forEach((from, to) => chosen.set(images.subarray(from * pixels, (from + 1) * pixels), to * pixels));
    return chosen;
  }
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
