/** Labelled images, as a dataset gives them. */
export interface Examples {
  /** All pixels in [0, 1], one image after the other, each `height x width x channels` with the channels innermost. */
  readonly images: Float32Array;
  /** The true class of each image, from 0 to `classes - 1`. */
  readonly labels: Uint8Array;
  /** The number of images. */
  readonly count: number;
  /** The shape of one image: `[28, 28, 1]` for MNIST. */
  readonly inputShape: readonly number[];
  /** The number of classes, at least 2. */
  readonly classes: number;
}
