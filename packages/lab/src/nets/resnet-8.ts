import { conv, dropout, globalAveragePool, residual, type Architecture } from './architecture.js';

/**
 * The residual net of 8 layers of He et al. 2015 (arXiv 1512.03385, section 4.2, n = 1), without batch normalisation, so
 * that no example's logits depend on its batch.
 *
 * What takes its place is the initialisation of Zhang, Dauphin and Ma 2019, "Fixup" (arXiv 1901.09321): the second
 * convolution of a block starts at 0 and the first is scaled by the number of blocks. Of Fixup's scalars it keeps the
 * biases, here one a filter, and leaves out the multipliers and the zeros of the last layer.
 */
export const resnet8: Architecture = {
  name: 'resnet-8',
  layers: [
    conv(16, 3, { padding: 'same' }),
    residual(16),
    residual(32, { stride: 2 }),
    residual(64, { stride: 2 }),
    globalAveragePool(),
    dropout(),
  ],
};
