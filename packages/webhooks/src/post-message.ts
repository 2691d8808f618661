import { lookup, type LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressPolicy } from './addresses.js';

/** The addresses of a name, in the order in which they are tried. */
export type Resolve = (name: string, answer: (error: Error | null, addresses: LookupAddress[]) => void) => void;

/** Bytes of an answer that are read, so that the receiver can end it in peace; nothing of them is kept. */
const MOST_READ = 64 * 1024;

export interface PostOptions {
  readonly addresses: AddressPolicy;
  /** Milliseconds for all of it: name, connection, request and answer. */
  readonly timeoutMs: number;
  /** Gives it up. */
  readonly signal?: AbortSignal;
  readonly resolve?: Resolve;
}

const resolveByHost: Resolve = (name, answer) => lookup(name, { all: true }, answer);

/**
 * Posts a message and tells the status of the answer; redirects are not followed.
 *
 * Whether an address is permitted is asked of the addresses that the connection is then made to, and not before: a name that
 * answers otherwise the next time gains nothing.
 *
 * @throws Error that says what was in the way
 */
export async function postMessage(
  url: URL,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  { addresses, timeoutMs, signal, resolve = resolveByHost }: PostOptions,
): Promise<number> {
  const secure = url.protocol === 'https:';
  const judge = (address: string) => {
    const judgement = addresses.judge(address);
    // Without TLS a message stays within the operator's own networks.
    return secure ? judgement !== 'refused' : judgement === 'permitted';
  };
  const refusal = (found: string) =>
    new Error(
      `${found} is not permitted: ${secure ? '' : 'without TLS '}messages go to ${secure ? 'public addresses and ' : ''}the networks of RETORT_WEBHOOK_ALLOW only`,
    );
  const name = url.hostname.replace(/^\[|\]$/g, '');
  // A numeric address is not looked up by the connection.
  if (isIP(name) && !judge(name)) throw refusal(name);
  const lookupPermitted: LookupFunction = (host, options, answer) =>
    resolve(host, (error, found) => {
      if (error) return answer(error, []);
      const permitted = found.filter(({ address }) => judge(address));
      if (permitted.length === 0) {
        return answer(refusal(`${host} (${found.map(({ address }) => address).join(', ') || 'no address'})`), []);
      }
      if (options.all) return answer(null, permitted);
      return answer(null, permitted[0]!.address, permitted[0]!.family);
    });
  const late = AbortSignal.timeout(timeoutMs);
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    lookup: lookupPermitted,
    agent: false,
    signal: signal ? AbortSignal.any([late, signal]) : late,
  };
  try {
    return await new Promise<number>((done, failed) => {
      const request = (secure ? requestHttps : requestHttp)(url, options);
      request.once('error', failed);
      request.once('response', (response) => {
        readSome(response).then(() => done(response.statusCode!), failed);
      });
      request.end(body);
    });
  } catch (error) {
    if (late.aborted) throw new Error(`no whole answer within ${timeoutMs / 1000} s`, { cause: error });
    throw error;
  }
}

async function readSome(response: IncomingMessage): Promise<void> {
  let read = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    read += chunk.length;
    if (read >= MOST_READ) return;
  }
}
