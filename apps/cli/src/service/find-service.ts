import { readRunningStack } from '@retort/stack';
import type { CliSettings } from '../settings.js';

/** The API's address of a Retort that runs: the one that `--url` or `RETORT_API_URL` names, or the one of the data folder; undefined where none answers. */
export async function findService({ apiUrl, dataFolder }: CliSettings): Promise<string | undefined> {
  if (apiUrl) {
    if (await answers(apiUrl)) return apiUrl;
    throw new Error(`no Retort answers at ${apiUrl}: start it, or name another with --url or RETORT_API_URL`);
  }
  const published = (await readRunningStack(dataFolder))?.apiUrl;
  return published && (await answers(published)) ? published : undefined;
}

async function answers(apiUrl: string): Promise<boolean> {
  return fetch(new URL('/healthz', apiUrl), { signal: AbortSignal.timeout(3000) }).then(
    (response) => response.ok,
    () => false,
  );
}
