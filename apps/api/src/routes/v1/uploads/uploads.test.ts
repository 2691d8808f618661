import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { components } from '@retort/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../../testing/open-test-app.js';

type Upload = components['schemas']['Upload'];

const npz = await readFile(new URL('../../../../../../packages/datasets/fixtures/two-images.npz', import.meta.url));
const sha256 = createHash('sha256').update(npz).digest('hex');
const headers = { 'content-type': 'application/octet-stream' };

describe('/v1/uploads', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await openTestApp({ maxUploadBytes: 1024 });
    await api.app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => api?.close());

  const url = () => `${api.app.listeningOrigin}/v1/uploads`;
  const incoming = () => readdir(join(api.artifacts.folder, 'incoming'));

  it('keeps the bytes under their hash, says which arrays they hold, and is the same when repeated', async () => {
    const response = await api.ask('POST', '/v1/uploads', { headers, payload: npz });
    expect(response.statusCode).toBe(201);
    expect(response.headers.location).toBe(`/v1/uploads/${sha256}`);
    expect(response.json<Upload>()).toMatchObject({
      sha256,
      bytes: npz.length,
      format: 'npz',
      arrays: [
        { name: 'x_train', shape: [2, 3, 2], dtype: 'uint8' },
        { name: 'y_train', shape: [2], dtype: 'int64' },
      ],
    });
    expect(Buffer.from(await api.artifacts.get(sha256)).equals(npz)).toBe(true);
    const again = await api.ask('POST', '/v1/uploads', { headers, payload: npz });
    expect([again.statusCode, again.json()]).toEqual([201, response.json()]);
    expect((await api.ask('GET', `/v1/uploads/${sha256}`)).json()).toEqual(response.json());
    expect(await incoming()).toEqual([]);
  });

  it('refuses a file that is too large, whether its length is said before or not, and keeps none of it', async () => {
    const large = new Uint8Array(2000).fill(7);
    const said = await fetch(url(), { method: 'POST', headers, body: large });
    expect(said.status).toBe(413);
    expect(((await said.json()) as { detail: string }).detail).toMatch(
      /more than the 1024 bytes.*RETORT_MAX_UPLOAD_MIB/,
    );
    const body = new Blob([large, large]).stream();
    const unsaid = await fetch(url(), { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
    expect(unsaid.status).toBe(413);
    expect(await incoming()).toEqual([]);
    const absent = createHash('sha256').update(large).digest('hex');
    expect((await api.ask('GET', `/v1/uploads/${absent}`)).statusCode).toBe(404);
  });

  it('keeps nothing of a file whose sender goes away', async () => {
    const { port } = new URL(url());
    const head = `POST /v1/uploads HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\ncontent-length: 500\r\n\r\n`;
    const closed = new Promise((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(`${head}half of it`));
      socket.once('close', resolve);
      void untilFull().then(() => socket.destroy());
    });
    await closed;
    while ((await incoming()).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('asks for bytes, with their content type', async () => {
    const empty = await api.ask('POST', '/v1/uploads', { headers, payload: Buffer.alloc(0) });
    expect([empty.statusCode, empty.body]).toEqual([400, expect.stringContaining('The file is empty')]);
    const json = await api.ask('POST', '/v1/uploads', { payload: { x: 1 } });
    expect([json.statusCode, json.body]).toEqual([415, expect.stringContaining('application/octet-stream')]);
  });

  /** Until the store has begun to write a file. */
  async function untilFull(): Promise<void> {
    while ((await incoming()).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }
});
