import { Type, type Static } from 'typebox';

/** The norms that a minimum-norm attack can make small. */
export const MinimisedNorm = Type.Enum(['l2', 'linf'], {
  default: 'l2',
  description: 'The norm of the perturbation that is made small.',
});
export type MinimisedNorm = Static<typeof MinimisedNorm>;
