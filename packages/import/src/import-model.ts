import { concat, reshape, tidy, zerosLike, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { ImportFormat, ImportInput } from '@retort/contracts';
import type { Classifier } from '@retort/lab';
import { fitInput } from './fit-input.js';
import { ImportError } from './import-error.js';
import { readKeras } from './keras/read-keras.js';
import { readKerasH5 } from './keras/read-keras-h5.js';
import { buildLayers } from './layers/build-layers.js';
import type { Network, RemovedHead } from './network.js';
import { loadTfjsGraph } from './tfjs/load-tfjs-graph.js';
import { readTfjsLayers } from './tfjs/read-tfjs-layers.js';
import { tryClassifier } from './try-classifier.js';

/** A net that was made elsewhere; `logits` gives what it says in use, before any softmax. */
export interface ImportedModel extends Classifier {
  /** What was taken off its end, so that its outputs are logits. */
  readonly removed: RemovedHead;
  /** How many numbers its weights hold. */
  readonly parameterCount: number;
  /** Frees the weights; the net cannot be used after it. */
  dispose(): void;
}

/**
 * Makes a classifier of a file that Keras or TensorFlow.js saved.
 *
 * A softmax at its end is taken off, since attacks need logits. A net with one output z for two classes gets the logits
 * [0, z], whose softmax is the sigmoid of z.
 *
 * @param bytes the file
 * @param input how pixels in [0, 1] become the net's input
 * @param inputShape the shape of one image, `[height, width, channels]`
 * @param classes the number of classes of the dataset
 * @throws ImportError when the file is not of its format, its layers cannot be computed or differentiated on this
 *   engine, it gives probabilities that cannot be taken apart, or it does not fit the images and the classes
 */
export async function importModel(options: {
  format: ImportFormat;
  bytes: Uint8Array;
  input: ImportInput;
  inputShape: readonly number[];
  classes: number;
}): Promise<ImportedModel> {
  const { format, bytes, input, inputShape, classes } = options;
  const network = await load(format, bytes);
  try {
    const fit = fitInput(inputShape, input, network.inputShape);
    const outputs = (batch: Tensor): Tensor => network.outputs(fit(batch));
    const classifier: Classifier = {
      inputShape,
      classes,
      logits: (batch) => tidy(() => asLogits(outputs(batch), batch.shape[0], classes)),
    };
    await tryClassifier(classifier, network.removed === 'none' ? outputs : undefined);
    const { removed, parameterCount } = network;
    return { ...classifier, removed, parameterCount, dispose: () => network.dispose() };
  } catch (error) {
    network.dispose();
    throw error;
  }
}

async function load(format: ImportFormat, bytes: Uint8Array): Promise<Network> {
  switch (format) {
    case 'keras': {
      const { topology, weights } = await readKeras(bytes);
      return buildLayers(topology, weights);
    }
    case 'keras-h5': {
      const { topology, weights } = await readKerasH5(bytes);
      return buildLayers(topology, weights);
    }
    case 'tfjs-layers': {
      const { topology, weights } = await readTfjsLayers(bytes);
      return buildLayers(topology, weights);
    }
    case 'tfjs-graph':
      return loadTfjsGraph(bytes);
  }
}

function asLogits(outputs: Tensor, images: number, classes: number): Tensor2D {
  const each = outputs.size / images;
  if (outputs.shape[0] !== images || (each !== classes && !(each === 1 && classes === 2))) {
    throw new ImportError(
      `the net gives outputs of the shape [${outputs.shape.join(', ')}] for ${images} images, ` +
        `where the ${classes} classes of the dataset need [${images}, ${classes}]`,
    );
  }
  const logits: Tensor2D = reshape(outputs, [images, each]);
  return each === 1 ? concat([zerosLike(logits), logits], 1) : logits;
}
