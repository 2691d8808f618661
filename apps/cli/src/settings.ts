import { resolve } from 'node:path';

/** What the commands read of the environment, once. */
export interface CliSettings {
  /** The folder of the embedded servers' data, the artifacts and the reports. */
  readonly dataFolder: string;
  /** A person's own copies of datasets. */
  readonly datasetFolder?: string;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The address of a Retort that runs elsewhere. */
  readonly apiUrl?: string;
  /** The secret of an API key, for a service that wants one. */
  readonly apiKey?: string;
  readonly engine?: string;
}

export function readSettings(environment: NodeJS.ProcessEnv): CliSettings {
  const port = environment.PORT ?? '0';
  if (!/^\d{1,5}$/.test(port)) throw new Error(`PORT is "${port}": use a port number, or 0 to let the system choose`);
  return {
    dataFolder: resolve(environment.RETORT_DATA || '.retort'),
    datasetFolder: environment.RETORT_DATASETS || undefined,
    databaseUrl: environment.DATABASE_URL || undefined,
    redisUrl: environment.REDIS_URL || undefined,
    host: environment.HOST || '127.0.0.1',
    port: Number(port),
    apiUrl: environment.RETORT_API_URL || undefined,
    apiKey: environment.RETORT_API_KEY || undefined,
    engine: environment.RETORT_ENGINE || undefined,
  };
}
