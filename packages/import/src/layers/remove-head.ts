import type { RemovedHead } from '../network.js';
import type { TranslatedLayer } from './translate-layer.js';
import type { Reference } from './topology.js';

/** A layer in its place in the net. */
export interface PlacedLayer extends TranslatedLayer {
  readonly name: string;
  readonly uses: readonly (readonly Reference[])[];
}

const HEADS: Readonly<Record<string, RemovedHead>> = {
  softmax: 'softmax',
  logSoftmax: 'log_softmax',
  sigmoid: 'sigmoid',
};

/**
 * Takes the softmax or sigmoid off the end of a net, so that its outputs are its logits.
 *
 * A softmax that is not at the very end, before nothing but layers that pass their input on, stays.
 *
 * @returns the layers, of which at most one is another, and what it lost
 */
export function removeHead(
  layers: readonly PlacedLayer[],
  output: Reference,
): { layers: readonly PlacedLayer[]; removed: RemovedHead } {
  const position = layers.findIndex(({ name }) => name === output.layer);
  const last = layers[position]!;
  const users = layers.flatMap(({ uses }) => uses.flat()).filter(({ layer }) => layer === last.name);
  // Used twice, the layer's activation is not only the end of the net.
  if (last.uses.length > 1 || users.length > 1) return { layers, removed: 'none' };
  const { activation, axis } = last.config;
  if (last.className === 'Activation' && activation === 'linear') return removeHead(layers, last.uses[0]![0]!);
  const removed = last.className === 'Softmax' ? (axis === -1 ? 'softmax' : undefined) : HEADS[String(activation)];
  if (removed === undefined) return { layers, removed: 'none' };
  const linear =
    last.className === 'Softmax'
      ? { ...last, className: 'Activation', config: { activation: 'linear' } }
      : { ...last, config: { ...last.config, activation: 'linear' } };
  return { layers: layers.with(position, linear), removed };
}
