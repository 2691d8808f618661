/** A dataset whose bytes are absent, or not the ones that were published. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}
