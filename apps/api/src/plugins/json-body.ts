import fp from 'fastify-plugin';
import { Problem } from '../problem.js';

/** Reads bodies that are JSON as it stands, and no others, and says where one is not JSON. */
export const jsonBody = fp((app, _options, done) => {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, parsed) => {
    // Clients say that they send JSON also where they then send nothing, as to what needs no body.
    if (text === '') return parsed(null, undefined);
    void parse(request, text, (error, value) => {
      if (error) parsed(new Problem('malformed-request', complaint(text), [], { cause: error }));
      else parsed(null, value);
    });
  });
  app.addHook('preParsing', (request, _reply, _payload, read) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity') return read();
    const detail = `The body is encoded as "${encoding}", which is not taken here; send it without Content-Encoding.`;
    read(new Problem('unsupported-media-type', detail));
  });
  done();
});

/** What keeps a text from being read as JSON, in the words of JSON.parse. */
function complaint(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    return `The body is not JSON: ${placed((error as SyntaxError).message, text)}. Send one well-formed JSON value.`;
  }
  // Harmless to JSON.parse, but not to whoever copies the field.
  return 'The body has a field "__proto__" or "constructor", by which the prototypes of objects could be changed; leave it out.';
}

/** Adds line and column to a position, where JSON.parse of this Node does not tell them. */
function placed(message: string, text: string): string {
  const position = /at position (\d+)$/.exec(message)?.[1];
  if (position === undefined) return message;
  const before = text.slice(0, Number(position)).split('\n');
  return `${message} (line ${before.length} column ${before.at(-1)!.length + 1})`;
}
