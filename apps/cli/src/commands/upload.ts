import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { connect } from '../service/connect.js';
import type { CliSettings } from '../settings.js';
import { expectAnswer } from './expect-answer.js';

/** Sends a file to the Retort that runs, and prints the sha256 by which a spec names it. */
export async function upload(settings: CliSettings, path: string): Promise<void> {
  const file = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${path} cannot be read (${error.code}): name a file that this user may read`);
  });
  if (!file.isFile()) throw new Error(`${path} is no file: name one, such as an .npz`);
  const client = await connect(settings);
  const sent = expectAnswer(
    await client.POST('/v1/uploads', {
      headers: { 'content-type': 'application/octet-stream' },
      // OpenAPI calls bytes a string; they are sent as they are read.
      body: path,
      bodySerializer: () => Readable.toWeb(createReadStream(path)) as ReadableStream,
      duplex: 'half',
    }),
  );
  print(`${sent.sha256}  ${path} (${sent.bytes} bytes, ${sent.format})`);
  for (const { name, shape, dtype } of sent.arrays) print(`  ${name || 'array'}: ${dtype} [${shape.join(', ')}]`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
