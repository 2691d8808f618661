/** A file that no classifier can be made of; the message says what is wrong with it and what would be right. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}
