import { conv, dense, flatten, maxPool, type Architecture } from './architecture.js';

/** The MNIST net of Madry et al. 2017 (arXiv 1706.06083), as in the code of their challenge: 3.3 million weights. */
export const madryMnist: Architecture = {
  name: 'madry-mnist',
  layers: [
    conv(32, 5, { padding: 'same' }),
    maxPool(2),
    conv(64, 5, { padding: 'same' }),
    maxPool(2),
    flatten(),
    dense(1024),
  ],
};
