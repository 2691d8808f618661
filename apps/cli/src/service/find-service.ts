import { readRunningStack } from '@retort/stack';
import type { CliSettings } from '../settings.js';

/** The API's address of a Retort that runs: the one that `RETORT_API_URL` names, or the one of the data folder; undefined where none answers. */
export async function findService({ apiUrl, dataFolder }: CliSettings): Promise<string | undefined> {
  if (apiUrl) {
    if (await answers(apiUrl)) return apiUrl;
    throw new Error(`RETORT_API_URL is ${apiUrl}, but no Retort answers there: start it, or unset the variable`);
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
