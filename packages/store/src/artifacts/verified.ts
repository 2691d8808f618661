import { createHash } from 'node:crypto';
import { pipeline, Transform, type Readable } from 'node:stream';

/**
 * A stream of the same bytes that gives the last chunk only once all of them are known to have this sha256.
 *
 * @param damaged the error with which it fails where they have another
 */
export function verified(source: Readable, sha256: string, damaged: () => Error): Readable {
  const digest = createHash('sha256');
  let held: Uint8Array | undefined;
  const checked = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      digest.update(chunk);
      const before = held;
      held = chunk;
      done(null, before);
    },
    flush(done) {
      if (digest.digest('hex') === sha256) done(null, held);
      else done(damaged());
    },
  });
  // An error of the source reaches whoever reads the stream, as one of its own does.
  return pipeline(source, checked, () => undefined);
}

/** The sha256 of bytes, in hexadecimal digits. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
