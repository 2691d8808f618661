/** Images as they were published or uploaded, `shape` being [n, height, width, channels]. */
export interface RawImages {
  readonly shape: readonly number[];
  /** Bytes from 0 to 255, or fractions from 0 to 1. */
  readonly values: Uint8Array | Float32Array;
}

/** The images of one set with the class of each. */
export interface RawSet {
  readonly images: RawImages;
  readonly labels: Uint8Array;
}

/** All images and labels of a dataset. */
export interface RawDataset {
  readonly train: RawSet;
  readonly test: RawSet;
  readonly classes: number;
}
