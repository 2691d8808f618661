/** The rows of a matrix that is stored row after row, as views. */
export function rows(values: Float32Array, width: number): Float32Array[] {
  const views: Float32Array[] = [];
  for (let from = 0; from < values.length; from += width) views.push(values.subarray(from, from + width));
  return views;
}

/** Many vectors one after the other: a view of them where they lie so already, to read from alone. */
export function concatenated(vectors: readonly Float32Array[]): Float32Array {
  const lying = consecutive(vectors);
  if (lying) return lying;
  const values = new Float32Array(vectors.reduce((length, vector) => length + vector.length, 0));
  let end = 0;
  for (const vector of vectors) {
    values.set(vector, end);
    end += vector.length;
  }
  return values;
}

function consecutive(vectors: readonly Float32Array[]): Float32Array | undefined {
  if (vectors.length === 0) return undefined;
  const { buffer, byteOffset } = vectors[0]!;
  let end = byteOffset;
  for (const vector of vectors) {
    if (vector.buffer !== buffer || vector.byteOffset !== end) return undefined;
    end += vector.byteLength;
  }
  return new Float32Array(buffer, byteOffset, (end - byteOffset) / Float32Array.BYTES_PER_ELEMENT);
}
