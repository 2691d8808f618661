import { smallestNet, smallestSpec } from '@retort/contracts';

/** A spec whose one net is trained with `models` besides, for tests that spoil or widen it. */
export function specWith(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...structuredClone(smallestSpec), ...changes };
}

/** The smallest spec's net, with changes. */
export function netWith(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...structuredClone(smallestNet), ...changes };
}
