import { check, suggest } from '@retort/contracts';
import { ImportError } from '../import-error.js';
import { knownLayers, tfjsActivation, type KnownLayer, type TfjsLayer, type Weight } from './known-layers.js';
import type { LayerNode } from './topology.js';

/** Settings that change nothing in a finished net: how weights begin, are held down, learn, or are named. */
const TRAINING_ONLY =
  /^(name|trainable|seed|(renorm_)?momentum|synchronized|batch_shape|batch_input_shape|input_dim|input_shape|.*_(initializer|regularizer|constraint))$/;

/** A layer as TensorFlow.js computes it, and its weights in order. */
export interface TranslatedLayer extends TfjsLayer {
  readonly weights: readonly Weight[];
}

/**
 * What a layer of Keras is in TensorFlow.js.
 *
 * @throws ImportError when its class is unknown, or a setting is one that TensorFlow.js cannot follow
 */
export function translateLayer(layer: LayerNode): TranslatedLayer {
  const known = knownLayers[layer.className];
  if (!known) {
    const names = Object.keys(knownLayers);
    throw new ImportError(
      `"${layer.name}" is a ${layer.className}, and no such layer can be imported: ${suggest(layer.className, names)}`,
    );
  }
  const settings = settingsOf(layer, known);
  const { className, config } = known.as?.(settings) ?? { className: layer.className, config: settings };
  const { activation } = config;
  return {
    className,
    config: typeof activation === 'string' ? { ...config, activation: tfjsActivation(activation) } : config,
    weights: known.weights?.(settings) ?? [],
  };
}

function settingsOf(layer: LayerNode, { settings, weights, as }: KnownLayer): Readonly<Record<string, unknown>> {
  assertFloat32(layer);
  const asked = Object.entries(layer.config)
    .filter(([key, value]) => value !== null && key !== 'dtype' && !TRAINING_ONLY.test(key))
    .map(([key, value]) => [key, key === 'activation' ? activationName(value) : value] as const);
  // A layer that does nothing in use has no setting that could matter.
  if (as && !weights && Object.keys(settings.properties).length === 0) return {};
  const checked = check(settings, Object.fromEntries(asked));
  if (checked.ok) return checked.value as Readonly<Record<string, unknown>>;
  const { pointer, message, remedy } = checked.problems[0]!;
  const subject = message.includes('is not a field') ? message : `${pointer.slice(1)} ${message}`;
  throw new ImportError(`"${layer.name}" (${layer.className}) cannot be imported: ${subject}; ${remedy}`);
}

/** Keras writes an activation by name or, in Keras 3, as an object that names it. */
function activationName(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { config, class_name: className } = value as { config?: unknown; class_name?: unknown };
  return typeof config === 'string' ? config : className;
}

/** A net that computes in half precision elsewhere would be another one here. */
function assertFloat32({ name, config: { dtype } }: LayerNode): void {
  const policy =
    typeof dtype === 'object' && dtype !== null ? (dtype as { config?: { name?: unknown } }).config?.name : dtype;
  if (policy === undefined || policy === null || policy === 'float32') return;
  throw new ImportError(
    `"${name}" computes in ${JSON.stringify(policy)}, and Retort in float32: save the net with the dtype policy float32`,
  );
}
