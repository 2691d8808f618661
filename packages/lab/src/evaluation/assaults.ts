import type { EvaluationParameters } from '@retort/contracts';
import { transferConfidence } from '../attacks/transfer-confidence.js';
import type { Classifier } from '../classifier.js';
import { size } from '../nets/plan.js';
import { expectationOver } from '../randomised/expectation.js';
import type { Assault } from './battery.js';
import type { Budget } from './budget.js';
import { digits } from './wording.js';

/** What attacks climb: the classifier, or the mean of its passes where it is random. */
export type Climbed = Required<Pick<Assault, 'against' | 'draws' | 'confidence'>>;

/** How many standard deviations a wrong logit must lead by, so that no lucky draw ends an attack. */
const LUCK = 3;

/**
 * The mean of several passes through a classifier, as attacks are to climb it.
 *
 * @param jitter the standard deviation of a logit margin from pass to pass; 0 where the classifier is not random
 * @param passes how many are averaged where it is
 */
export function climbedOver(classifier: Classifier, jitter: number, passes: number): Climbed {
  const draws = jitter > 0 ? passes : 1;
  return {
    against: draws === 1 ? classifier : expectationOver(classifier, draws),
    draws,
    confidence: (LUCK * jitter) / Math.sqrt(draws),
  };
}

/** A radius whose ball holds every image. */
export function unbounded({ norm }: EvaluationParameters, { inputShape }: Classifier): number {
  return norm === 'linf' ? 1 : Math.sqrt(size(inputShape));
}

/** Plain PGD up the float32 cross-entropy at T = 1: what masking stops. */
export function naive(climbed: Climbed, threat: EvaluationParameters, budget: Budget): Assault {
  return {
    name: 'naive PGD',
    attack: 'pgd',
    parameters: { ...pgd(threat, threat.epsilon, budget), loss: 'cross-entropy', temperature: 1 },
    ...climbed,
  };
}

/** One step of the whole radius up the same loss: FGSM, or its like in L2. */
export function singleStep(climbed: Climbed, { norm, epsilon }: EvaluationParameters): Assault {
  return {
    name: 'single step',
    attack: 'pgd',
    parameters: {
      norm,
      epsilon,
      step_size: epsilon,
      steps: 1,
      random_start: false,
      loss: 'cross-entropy',
      temperature: 1,
    },
    ...climbed,
  };
}

/** The naive attack with the margin for its loss, which no scale of the logits flattens. */
export function informed(
  climbed: Climbed,
  threat: EvaluationParameters,
  budget: Budget,
  epsilon = threat.epsilon,
): Assault {
  return {
    name: epsilon === threat.epsilon ? 'margin PGD' : `margin PGD at epsilon ${digits(epsilon)}`,
    attack: 'pgd',
    parameters: { ...pgd(threat, epsilon, budget), loss: 'margin' },
    epsilon,
    ...climbed,
  };
}

/** The attacks by the net's own gradients that masking cannot stop, in the order of AutoAttack. */
export function ownGradients(
  climbed: Climbed,
  { norm, epsilon }: EvaluationParameters,
  { steps, fabSteps, restarts, targets }: Budget,
  temperature: number,
): Assault[] {
  const ball = { norm, epsilon, steps, restarts };
  return [
    { name: 'APGD-DLR', attack: 'apgd', parameters: { ...ball, loss: 'dlr' }, ...climbed },
    {
      name: `APGD-CE at T = ${digits(temperature)}`,
      attack: 'apgd',
      parameters: { ...ball, loss: 'cross-entropy', temperature },
      ...climbed,
    },
    { name: 'APGD-T', attack: 'apgd-t', parameters: { ...ball, targets }, ...climbed },
    {
      name: 'FAB-T',
      attack: 'fab',
      parameters: { norm, steps: fabSteps, restarts, boundaries: 'each', candidates: targets, restart_radius: epsilon },
      ...climbed,
    },
  ];
}

/** Noise of the same norm. */
export function noise(climbed: Climbed, { norm, epsilon }: EvaluationParameters, { tries }: Budget): Assault {
  return { name: 'random noise', attack: 'random-noise', parameters: { norm, epsilon, tries }, ...climbed };
}

/** The Square attack. */
export function square(climbed: Climbed, { norm, epsilon }: EvaluationParameters, { queries }: Budget): Assault {
  return { name: 'Square', attack: 'square', parameters: { norm, epsilon, queries }, ...climbed };
}

/** HopSkipJump, whose images count where they come to lie within the radius. */
export function hopSkipJump(climbed: Climbed, { norm }: EvaluationParameters, { decisions }: Budget): Assault {
  return { name: 'HopSkipJump', attack: 'hop-skip-jump', parameters: { norm, queries: decisions }, ...climbed };
}

/** Adversarial examples made on another net, up to the last step: the surer that net is of them, the better they transfer. */
export function transfer(
  surrogate: { readonly name: string; readonly classifier: Classifier },
  { norm, epsilon }: EvaluationParameters,
  { steps, restarts }: Budget,
): Assault {
  return {
    name: `transfer from ${surrogate.name}`,
    attack: 'apgd',
    parameters: { norm, epsilon, steps, restarts, loss: 'margin' },
    against: surrogate.classifier,
    source: surrogate.name,
    confidence: transferConfidence('apgd'),
  };
}

/** Twice the steps and restarts, from other starts. */
export function longer(climbed: Climbed, { norm, epsilon }: EvaluationParameters, budget: Budget): Assault {
  return {
    name: 'APGD-margin, twice as long',
    attack: 'apgd',
    parameters: { norm, epsilon, steps: 2 * budget.steps, restarts: 2 * budget.restarts, loss: 'margin' },
    seedShift: 1,
    ...climbed,
  };
}

function pgd({ norm }: EvaluationParameters, epsilon: number, { pgdSteps }: Budget) {
  return { norm, epsilon, steps: pgdSteps, step_size: (2.5 * epsilon) / pgdSteps };
}
