import type { IncomingMessage } from 'node:http';
import { Problem } from '../../../problem.js';

/**
 * The bytes of a request's body as they arrive.
 *
 * A body that says at its beginning that it is too large is refused before any of it is kept. After an error what is
 * still to come is read away, so that the client hears the answer instead of a broken connection.
 *
 * @param maxBytes of the whole body
 * @throws Problem where it is empty, larger, or cut off
 */
export async function* boundedBody(request: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array> {
  const tooLarge = () =>
    new Problem(
      'body-too-large',
      `The file has more than the ${maxBytes} bytes that RETORT_MAX_UPLOAD_MIB allows here; send a smaller one (an .npz made with savez_compressed, or with fewer images), or raise that setting of the API.`,
    );
  let bytes = 0;
  try {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') {
      throw new Problem('malformed-request', `The connection broke after ${bytes} bytes; send the file again.`);
    }
    throw error;
  } finally {
    request.resume();
  }
  if (bytes === 0) throw new Problem('malformed-request', 'The file is empty; send its bytes as the body.');
}
