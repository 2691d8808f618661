/** The share of all examples from which a difference between two attacks is material: ten points of accuracy. */
export const MATERIAL = 0.1;

/** The p-value of a paired test below which a difference counts as one. */
export const SIGNIFICANT = 0.01;
