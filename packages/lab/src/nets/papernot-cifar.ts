import { conv, dense, dropout, flatten, maxPool, type Architecture } from './architecture.js';

/** The CIFAR-10 net of Papernot et al. 2015 (arXiv 1511.04508, table 1), which Carlini and Wagner (2016) use too. */
export const papernotCifar: Architecture = {
  name: 'papernot-cifar',
  layers: [
    conv(64, 3),
    conv(64, 3),
    maxPool(2),
    conv(128, 3),
    conv(128, 3),
    maxPool(2),
    flatten(),
    dropout(),
    dense(256),
    dropout(),
    dense(256),
    dropout(),
  ],
};
