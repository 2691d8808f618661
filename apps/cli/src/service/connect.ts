import { createRetortClient, type RetortClient } from '@retort/client';
import type { CliSettings } from '../settings.js';
import { findService } from './find-service.js';

/**
 * A client of the Retort that runs.
 *
 * @throws Error that says how to name one, where none does
 */
export async function connect(settings: CliSettings): Promise<RetortClient> {
  const apiUrl = await findService(settings);
  if (!apiUrl)
    throw new Error('no Retort runs here: start one with `retort up`, or name one with --url or RETORT_API_URL');
  return createRetortClient(apiUrl, { apiKey: settings.apiKey });
}
