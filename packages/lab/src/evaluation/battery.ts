import type { AttackName, Evaluation, EvaluationAttack, EvaluationParameters, Rate } from '@retort/contracts';
import { rateOf } from '@retort/statistics';
import { attackNamed } from '../attacks/attacks.js';
import { isFooled } from '../attacks/example.js';
import type { BatchSize } from '../batch-size.js';
import type { Classifier } from '../classifier.js';
import { rows } from '../gradients/rows.js';
import { distanceBetween } from '../metrics/distance.js';
import { size } from '../nets/plan.js';

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

  constructor(besieged: Besieged) {
    this.#besieged = besieged;
    this.all = besieged.labels.map((_, at) => at);
    this.#found = besieged.labels.map(() => undefined);
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
    const { images, labels, indices, threat, seed, batchSize, signal, onProgress } = this.#besieged;
    const {
      name,
      attack,
      parameters,
      against,
      source,
      draws = 1,
      confidence,
      epsilon = threat.epsilon,
      seedShift = 0,
    } = assault;
    onProgress?.(name, 0);
    if (places.length === 0) return new Set();
    const chosen = this.#images(images, places);
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
        onProgress: (done, of) => onProgress?.(name, done / of),
      },
      parameters,
    );
    const predicted = await this.#besieged.predict(outcome.adversarial, places.length);
    const pixels = size(this.#besieged.classifier.inputShape);
    const originals = rows(chosen, pixels);
    const adversarial = rows(outcome.adversarial, pixels);
    const distances = places.map((_, at) => distanceBetween(originals[at]!, adversarial[at]!, 1)[threat.norm]);
    const { rejection } = this.#besieged.classifier;
    const fooled = places.map(
      (place, at) =>
        isFooled({ label: labels[place]!, target: undefined }, predicted[at]!, rejection) &&
        distances[at]! <= epsilon + ROUNDING,
    );
    const attacked = this.#attacked(places);
    places.forEach((place, at) => {
      const distance = distances[at]!;
      const nearer = distance < (this.#found[place]?.distance ?? Infinity);
      if (!fooled[at] || !nearer || distance > threat.epsilon + ROUNDING) return;
      this.#found[place] = { image: adversarial[at]!, predicted: predicted[at]!, distance, by: this.attacks.length };
    });
    this.attacks.push({
      name,
      attack,
      parameters,
      ...(source !== undefined && { source }),
      attacked,
      within_threat: epsilon <= threat.epsilon,
      success: rateOf(fooled.filter(Boolean).length, places.length),
      robust_accuracy: this.robustAccuracy,
      gradients: draws * total(outcome.gradients),
      forwards: draws * total(outcome.forwards),
      no_gradient: outcome.noGradient.filter(Boolean).length,
    });
    return new Set(places.filter((_, at) => fooled[at]));
  }

  #attacked(places: readonly number[]): EvaluationAttack['attacked'] {
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
