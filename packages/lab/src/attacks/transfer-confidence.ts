import type { AttackName } from '@retort/contracts';

/** The attacks that climb a loss inside a fixed ball and, where nothing stops them, end higher up than at their first success. */
const CLIMBING: ReadonlySet<AttackName> = new Set(['bim', 'mi-fgsm', 'pgd', 'apgd', 'square']);

/**
 * The confidence with which an attack is to make images that are tried on another net.
 *
 * An image at the first net's boundary seldom fools a second: an attack of a fixed radius goes on to its last step, since
 * it has the whole ball all the same. One that keeps its images near has the confidence of its own parameters, if any;
 * one that takes aim after aim, and an ensemble, would end at its last aim instead of its best, and stops as ever.
 *
 * @returns `AttackContext.confidence`: infinite for an attack that climbs up to its last step, or 0
 */
export function transferConfidence(attack: AttackName): number {
  return CLIMBING.has(attack) ? Infinity : 0;
}
