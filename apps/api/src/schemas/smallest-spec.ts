/** A whole experiment in a few lines: the example of the documents. */
export const smallestSpec = {
  name: 'tiny',
  dataset: { name: 'mnist', train: 100, validation: 50, test: 100 },
  models: {
    a: {
      kind: 'train',
      architecture: 'compact',
      temperature: 1,
      epochs: 1,
      optimizer: { name: 'sgd' },
      learning_rate: { base: 0.1 },
    },
  },
  attacks: { fgsm: { attack: 'fgsm', examples: { count: 10, choose: 'any' } } },
} as const;
