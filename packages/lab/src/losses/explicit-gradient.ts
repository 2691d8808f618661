import { customGrad, expandDims, mul, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Loss } from './loss.js';

/** A loss that states its own derivative. */
export type ExplicitLoss = Loss & Required<Pick<Loss, 'evaluate'>>;

/**
 * A loss that states its own derivative, because it chooses among the logits by their order.
 *
 * What differentiates a maximum in TensorFlow.js gives every one of several equal logits the whole gradient, which is no
 * subgradient; and what finds its place cannot be differentiated at all.
 */
export function withExplicitGradient(evaluate: ExplicitLoss['evaluate']): ExplicitLoss {
  const valued: Loss = (logits, labels) => {
    const loss = customGrad((...inputs) => {
      const [z, save] = inputs as unknown as [Tensor2D, (tensors: Tensor[]) => void];
      // A tidied function may return a plain record of tensors only.
      const { value, derivative } = tidy(() => ({ ...evaluate(z, labels) }));
      save([derivative]);
      return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => mul(saved[0]!, expandDims(dy, 1)) };
    });
    return loss(logits);
  };
  return Object.assign(valued, { evaluate });
}
