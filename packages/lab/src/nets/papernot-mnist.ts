import { conv, dense, dropout, flatten, maxPool, type Architecture } from './architecture.js';

/** The MNIST net of Papernot et al. 2015 (arXiv 1511.04508, table 1), which Song (2017) and Carlini and Wagner (2016) use too. */
export const papernotMnist: Architecture = {
  name: 'papernot-mnist',
  layers: [
    conv(32, 3),
    conv(32, 3),
    maxPool(2),
    conv(64, 3),
    conv(64, 3),
    maxPool(2),
    flatten(),
    dropout(),
    dense(200),
    dropout(),
    dense(200),
    dropout(),
  ],
};
