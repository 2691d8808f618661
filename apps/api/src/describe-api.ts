import pino from 'pino';
import { createApp } from './app.js';
import type { Services } from './services.js';

/** The OpenAPI document of the API, without anything that it runs on. */
export async function describeApi(version = '1'): Promise<object> {
  const absent = {} as Services;
  const app = await createApp({ ...absent, log: pino({ level: 'silent' }), version });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}
