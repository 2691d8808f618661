/** The rows of a matrix that is stored row after row, as views. */
export function rows(values: Float32Array, width: number): Float32Array[] {
  const views: Float32Array[] = [];
  for (let from = 0; from < values.length; from += width) views.push(values.subarray(from, from + width));
  return views;
}

/** Many vectors one after the other. */
export function concatenated(vectors: readonly Float32Array[]): Float32Array {
  const values = new Float32Array(vectors.reduce((length, vector) => length + vector.length, 0));
  let end = 0;
  for (const vector of vectors) {
    values.set(vector, end);
    end += vector.length;
  }
  return values;
}
