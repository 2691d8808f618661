/** One weight of a layer as a file holds it. */
export interface LayerWeight {
  /** The last part of its name, such as `kernel`; undefined where the file has only its position. */
  readonly name: string | undefined;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The weights of each layer, by the layer's name, in Keras's order. */
export type WeightsByLayer = ReadonlyMap<string, readonly LayerWeight[]>;
