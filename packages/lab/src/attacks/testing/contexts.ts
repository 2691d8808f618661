import type { AttackName } from '@retort/contracts';
import { size } from '../../nets/plan.js';
import type { AttackContext, AttackOutcome } from '../attack.js';
import { attackNamed } from '../attacks.js';
import { formulaImages, formulaNet, labelsOf, linearModel, type Analytic } from './classifiers.js';
import type { Parameters } from './settings.js';

/** The nets on which every attack must do what it says. */
export const nets: [string, Analytic][] = [
  ['a linear model', linearModel()],
  ['a tanh net', formulaNet()],
  ['a ReLU net with inflated logits', formulaNet({ activation: 'relu', hidden: 9, scale: 30 })],
  ['a net of two classes and three channels', formulaNet({ classes: 2, inputShape: [3, 2, 3] })],
  ['a net of a hundred classes', formulaNet({ classes: 100, inputShape: [6] })],
];

/** Images that a classifier gets right, seven where none are given. */
export function contextOf(classifier: Analytic, images = formulaImages(7, classifier)): AttackContext {
  return { classifier, images, labels: labelsOf(classifier, images), seed: 11 };
}

/** The part of a context from one example up to another. */
export function shardOf(context: AttackContext, from: number, to: number): AttackContext {
  const pixels = size(context.classifier.inputShape);
  return {
    ...context,
    images: context.images.slice(from * pixels, to * pixels),
    labels: Array.from(context.labels).slice(from, to),
    indices: Array.from(context.labels, (_, at) => at).slice(from, to),
  };
}

export function run(name: AttackName, context: AttackContext, parameters: Parameters): Promise<AttackOutcome> {
  return attackNamed(name).run(context, parameters);
}
