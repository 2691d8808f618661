import { ImportError } from '../import-error.js';

/** One output of one use of a layer. */
export interface Reference {
  readonly layer: string;
  /** Which use of the layer: a layer that is shared has more than one. */
  readonly use: number;
}

/** A layer as a file describes it. */
export interface LayerNode {
  readonly name: string;
  /** The name of its class in Keras, such as `Conv2D`. */
  readonly className: string;
  /** Its settings, in Keras's own names. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What each use of it takes in; an input layer has none. */
  readonly uses: readonly (readonly Reference[])[];
}

/** The layers of a net with one input and one output. */
export interface Topology {
  readonly layers: readonly LayerNode[];
  readonly input: Reference;
  readonly output: Reference;
  /** The shape of one input, without the batch; null where any extent will do. */
  readonly inputShape: readonly (number | null)[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the description of a Sequential or Functional net, as Keras 2, Keras 3 and TensorFlow.js write it.
 *
 * @param described the JSON object with `class_name` and `config`
 * @throws ImportError when it is neither, has more than one input or output, or leaves its input shape open
 */
export function readTopology(described: unknown): Topology {
  const { class_name: className, config } = fieldsOf(described, 'the description of the net');
  switch (className) {
    case 'Sequential':
      return readSequential(config);
    case 'Functional':
    case 'Model':
      return readFunctional(fieldsOf(config, 'the config of the net'));
    default:
      throw new ImportError(
        `the net is of class ${String(className)}, whose code is not in the file: save it as a Sequential or Functional net`,
      );
  }
}

function readSequential(config: unknown): Topology {
  const described = Array.isArray(config) ? config : listOf(fieldsOf(config, 'the config of the net').layers, 'layers');
  const layers = described.map(readLayer);
  const first = layers[0];
  if (!first) throw new ImportError('the net has no layers');
  const shape =
    batchShapeOf(first) ?? (Array.isArray(config) ? undefined : (config as Fields).build_input_shape) ?? undefined;
  if (shape === undefined) {
    throw new ImportError('the net does not say the shape of its input: build it with one before it is saved');
  }
  const chain = first.className === 'InputLayer' ? layers : [inputLayer(shape), ...layers];
  const linked = chain.map((layer, at) => ({
    ...layer,
    uses: [at === 0 ? [] : [{ layer: chain[at - 1]!.name, use: 0 }]],
  }));
  return {
    layers: linked,
    input: { layer: linked[0]!.name, use: 0 },
    output: { layer: linked.at(-1)!.name, use: 0 },
    inputShape: withoutBatch(shape),
  };
}

function inputLayer(shape: unknown): Omit<LayerNode, 'uses'> {
  return { name: 'the input', className: 'InputLayer', config: { batch_shape: shape } };
}

function readFunctional(config: Fields): Topology {
  const layers = listOf(config.layers, 'layers').map((described) => ({
    ...readLayer(described),
    uses: readUses(described as Fields),
  }));
  const input = onlyReference(config.input_layers, 'input');
  const output = onlyReference(config.output_layers, 'output');
  const shape = batchShapeOf(layerNamed(layers, input.layer));
  if (shape === undefined) throw new ImportError('the input layer of the net does not say the shape of its input');
  return { layers, input, output, inputShape: withoutBatch(shape) };
}

/** The layer with a name. */
export function layerNamed<T extends { readonly name: string }>(layers: readonly T[], name: string): T {
  const found = layers.find((layer) => layer.name === name);
  if (!found) throw new ImportError(`the net uses a layer "${name}" that it does not have`);
  return found;
}

function readLayer(described: unknown): Omit<LayerNode, 'uses'> {
  const fields = fieldsOf(described, 'a layer of the net');
  const config = fieldsOf(fields.config, 'the config of a layer');
  // Layers of Keras 3 stand beside their config under "name" too, and operations have nothing but that.
  const name = config.name ?? fields.name;
  if (typeof name !== 'string') throw new ImportError('a layer of the net has no name');
  const { registered_name: registered, module } = fields;
  const className = String(fields.class_name);
  const elsewhere = typeof module === 'string' && !/^(keras|tf_keras)\.(src\.)?layers\b/.test(module);
  if (elsewhere || (typeof registered === 'string' && registered !== className)) {
    throw new ImportError(
      `"${name}" is ${typeof registered === 'string' ? registered : `${String(module)}.${className}`}, which is no layer of Keras itself: its code is not in the file`,
    );
  }
  return { name, className, config };
}

/** The uses of a layer: lists `[name, use, output, keywords]` in Keras 2 and TensorFlow.js, nested arguments in Keras 3. */
function readUses(described: Fields): Reference[][] {
  const { name, inbound_nodes: nodes } = described;
  const uses = listOf(nodes ?? [], 'inbound_nodes').map((node) =>
    Array.isArray(node) ? node.map((each) => readReference(each)) : argumentsOf(fieldsOf(node, 'a use'), String(name)),
  );
  return uses.length === 0 ? [[]] : uses;
}

function argumentsOf({ args, kwargs }: Fields, layer: string): Reference[] {
  const given = Object.entries(fieldsOf(kwargs ?? {}, 'the keywords of a use'));
  const other = given.find(([key, value]) => !(key === 'training' || key === 'mask' || value === null));
  if (other) throw new ImportError(`"${layer}" is used with ${other[0]}, which is not supported`);
  const references: Reference[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(collect);
    const { class_name: className, config } = fieldsOf(value, `an argument of "${layer}"`);
    if (className !== '__keras_tensor__') throw new ImportError(`"${layer}" is used on something that is no tensor`);
    references.push(readReference(fieldsOf(config, 'a tensor').keras_history));
  };
  collect(args ?? []);
  return references;
}

function readReference(value: unknown): Reference {
  const [layer, use, output, keywords] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof layer !== 'string' || typeof use !== 'number' || output !== 0) {
    throw new ImportError(`${JSON.stringify(value)} is no reference to the one output of a layer`);
  }
  const given = Object.keys(fieldsOf(keywords ?? {}, 'the keywords of a use')).filter((key) => key !== 'training');
  if (given.length > 0)
    throw new ImportError(`the output of "${layer}" is used with ${given[0]}, which is not supported`);
  return { layer, use };
}

/** Keras writes one reference either alone or in a list. */
function onlyReference(value: unknown, what: 'input' | 'output'): Reference {
  const list = Array.isArray(value) && typeof value[0] !== 'string' ? (value as unknown[]) : [value];
  if (list.length !== 1) {
    throw new ImportError(
      `the net has ${list.length} ${what}s, and a classifier has one: save the part that classifies`,
    );
  }
  return readReference(list[0]);
}

function batchShapeOf({ config }: { config: Fields }): unknown {
  return config.batch_shape ?? config.batch_input_shape ?? undefined;
}

function withoutBatch(shape: unknown): (number | null)[] {
  const extents: unknown[] = Array.isArray(shape) ? shape.slice(1) : [];
  if (extents.length === 0 || !extents.every((extent) => extent === null || typeof extent === 'number')) {
    throw new ImportError(`${JSON.stringify(shape)} is no shape of a batch of inputs, such as [null, 28, 28, 1]`);
  }
  return extents;
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new ImportError(`${what} is ${JSON.stringify(value)?.slice(0, 80)}, where an object was expected`);
}

function listOf(value: unknown, what: string): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new ImportError(`"${what}" of the net is ${JSON.stringify(value)?.slice(0, 80)}, where a list was expected`);
}
