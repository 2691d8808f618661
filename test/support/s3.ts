import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const program = createRequire(import.meta.url).resolve('s3rver/bin/s3rver.js');

/** A server that speaks S3, as a process of its own; it knows one access key, but does not check signatures of version 4. */
export interface TestS3 {
  readonly endpoint: string;
  /** The variables by which a process of Retort keeps its artifacts there. */
  readonly environment: Record<string, string>;
  stop(): Promise<void>;
  /** Starts it again at the same address, with what it held. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server with one bucket, `retort`. */
export async function startS3(): Promise<TestS3> {
  const folder = await mkdtemp(join(tmpdir(), 'retort-s3-'));
  let server: ChildProcess;
  let port = 0;
  const start = async () => {
    const bucket = ['--configure-bucket', 'retort'];
    const place = ['--directory', folder, '--address', '127.0.0.1', '--port', String(port)];
    server = fork(program, ['--silent', ...place, ...bucket], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    for await (const line of createInterface(server.stdout!)) {
      const listening = /listening on .*:(\d+)/.exec(line);
      if (listening) {
        port = Number(listening[1]);
        return;
      }
    }
    throw new Error('the S3 server ended before it listened');
  };
  const stop = async () => {
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  await start();
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    environment: {
      RETORT_ARTIFACTS: 's3://retort/artifacts',
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
      AWS_REGION: 'us-east-1',
    },
    start,
    stop,
    async close() {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}
