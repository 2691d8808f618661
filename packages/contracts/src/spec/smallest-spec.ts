/** A net whose every other field has its default. */
export const smallestNet = {
  kind: 'train',
  architecture: 'compact',
  temperature: 1,
  epochs: 1,
  optimizer: { name: 'sgd' },
  learning_rate: { base: 0.1 },
} as const;

/** A whole experiment in a few lines: the example of the documents, and what tests widen or spoil. */
export const smallestSpec = {
  name: 'tiny',
  dataset: { name: 'mnist', train: 100, validation: 50, test: 100 },
  models: { a: smallestNet },
  attacks: { fgsm: { attack: 'fgsm', examples: { count: 10, choose: 'any' } } },
} as const;
