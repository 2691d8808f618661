import { conv, dense, dropout, flatten, maxPool, type Architecture } from './architecture.js';

/**
 * LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based learning applied to document recognition").
 *
 * As most do today, it differs from the paper: ReLU for the scaled tanh, max pooling for the trained averages, every filter of the
 * second convolution sees all six maps, plain logits for the radial basis functions, and the border that the paper pads the digits
 * with is made by the first convolution.
 */
export const lenet: Architecture = {
  name: 'lenet',
  layers: [
    conv(6, 5, { padding: 'same' }),
    maxPool(2),
    conv(16, 5),
    maxPool(2),
    flatten(),
    dense(120),
    dropout(),
    dense(84),
    dropout(),
  ],
};

/** The wider LeNet of the examples of Caffe (Jia et al. 2014), the LeNet of most papers on pruning; here with ReLU also between convolution and pooling. */
export const lenetCaffe: Architecture = {
  name: 'lenet-caffe',
  layers: [conv(20, 5), maxPool(2), conv(50, 5), maxPool(2), flatten(), dense(500), dropout()],
};

/** The net without convolutions of LeCun et al. 1998 (section III.C.4), with ReLU. */
export const lenet300100: Architecture = {
  name: 'lenet-300-100',
  layers: [flatten(), dense(300), dropout(), dense(100), dropout()],
};
