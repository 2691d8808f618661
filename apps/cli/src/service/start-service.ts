import { join } from 'node:path';
import type { Logger } from 'pino';
import { startStack } from '@retort/stack';
import type { CliSettings } from '../settings.js';
import { startProcess, type ServiceProcess } from './service-process.js';

export interface Service {
  readonly apiUrl: string;
  /** Rejects when a part of the service has ended by itself. */
  readonly failed: Promise<never>;
  /** Resolves when the worker was drained, and has ended: jobs wait for another. */
  readonly workerDrained: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts everything on this machine: Postgres and Redis (embedded, where no URL names others), the API and one worker.
 *
 * @throws StackRunningError where one runs already with the same data folder
 */
export async function startService(settings: CliSettings, log: Logger): Promise<Service> {
  const { dataFolder, databaseUrl, redisUrl, host, port } = settings;
  const stack = await startStack({ dataDir: dataFolder, databaseUrl, redisUrl, log });
  const environment = {
    DATABASE_URL: stack.databaseUrl,
    REDIS_URL: stack.redisUrl,
    RETORT_DATA: dataFolder,
    HOST: host,
    PORT: String(port),
  };
  const logs = join(dataFolder, 'logs');
  const started: ServiceProcess[] = [];
  const stop = async () => {
    // The worker first: it hands its tasks back while the database is still there.
    for (const part of started.reverse()) await part.stop();
    await stack.stop();
  };
  try {
    const api = await startProcess('@retort/api', 'listening', { environment, log: join(logs, 'api.log') });
    started.push(api);
    const apiUrl = (api.ready as { url: string }).url;
    await stack.publish({ apiUrl });
    const worker = await startProcess('@retort/worker', 'online', { environment, log: join(logs, 'worker.log') });
    started.push(worker);
    const apiEnded = api.ended.then(() => Promise.reject(new Error('@retort/api was told to end by somebody else')));
    return {
      apiUrl,
      failed: Promise.race([api.failed, apiEnded, worker.failed]),
      workerDrained: worker.ended,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
