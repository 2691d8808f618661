/** Raised whenever the same spec would compute something else; part of every fingerprint, so that old results are not reused. */
export const SCIENCE_REVISION = 5;
