import { Agent, request } from 'node:http';

/** Asks an API over connections that are kept open: the bench measures the service, not the making of connections. */
export class ApiClient {
  readonly #agent: Agent;

  /** @param connections requests that can be under way at once */
  constructor(
    private readonly url: string,
    connections: number,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @throws Error for any status but a 2xx */
  get<T>(path: string): Promise<T> {
    return this.#ask('GET', path);
  }

  /** @throws Error for any status but a 2xx */
  post<T>(path: string, body: unknown): Promise<T> {
    return this.#ask('POST', path, JSON.stringify(body));
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask<T>(method: string, path: string, body?: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const sent = request(this.url + path, {
        method,
        agent: this.#agent,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        }),
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const { statusCode = 0 } = response;
          if (statusCode < 200 || statusCode > 299) reject(new Error(`${method} ${path}: ${statusCode} ${text}`));
          else resolve(JSON.parse(text) as T);
        });
      });
      sent.end(body);
    });
  }
}
