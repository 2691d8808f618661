import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';
import { problemDocument } from './plugins/problems.js';
import { Problem } from './problem.js';

/**
 * Answers what Node's HTTP parser refuses before there is a request, and closes the connection.
 *
 * @param error with the code of Node's parser; see `clientError` of `node:http`
 */
export function refuseUnreadable(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const problem = problemOf(error);
  const body = JSON.stringify(problemDocument(problem));
  if (socket.writable) {
    socket.write(
      [
        `HTTP/1.1 ${problem.statusCode} ${STATUS_CODES[problem.statusCode]}`,
        'Content-Type: application/problem+json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  }
  socket.destroy(error);
}

function problemOf(error: ConnectionError): Problem {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request-timeout', 'The request did not come whole in time; send it again.');
    case 'HPE_HEADER_OVERFLOW':
      return new Problem(
        'headers-too-large',
        'The path and the headers have more than 16 KiB; send fewer or shorter ones.',
      );
    case 'HPE_INVALID_METHOD':
      return new Problem('malformed-request', 'The method is none that HTTP knows; /docs lists what there is.');
    default:
      return new Problem('malformed-request', `This is not a request of HTTP/1.1: ${error.message}.`);
  }
}
