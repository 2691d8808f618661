import { resolve } from 'node:path';
import { readEnvironment } from '@retort/contracts';
import { Type } from 'typebox';

/** The environment of the API. */
const Environment = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1, description: 'postgresql://user:password@host:port/name' }),
  REDIS_URL: Type.String({ minLength: 1, description: 'redis://host:port' }),
  HOST: Type.String({ default: '127.0.0.1', description: 'The address to listen at.' }),
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 8080, description: '0 lets the system choose.' }),
  RETORT_DATA: Type.String({ default: '.retort', description: 'The folder of artifacts.' }),
  RETORT_PREFIX: Type.String({ default: 'retort', description: 'What the keys in Redis begin with.' }),
  RETORT_REQUESTS_PER_MINUTE: Type.Integer({ minimum: 1, default: 6000, description: 'From one address.' }),
  RETORT_MAX_UPLOAD_MIB: Type.Integer({
    minimum: 1,
    maximum: 2047,
    default: 1024,
    description: 'The largest file that can be uploaded, in MiB.',
  }),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { default: 'info' }),
});

export interface Settings {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly host: string;
  readonly port: number;
  readonly artifactFolder: string;
  readonly prefix: string;
  readonly requestsPerMinute: number;
  /** Bytes of the largest file that can be uploaded. */
  readonly maxUploadBytes: number;
  readonly logLevel: string;
}

/**
 * Reads the API's settings from its environment.
 *
 * @throws SettingsError that names each variable that is wrong, and what would be right
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const env = readEnvironment(Environment, environment);
  return {
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    host: env.HOST,
    port: env.PORT,
    artifactFolder: resolve(env.RETORT_DATA, 'artifacts'),
    prefix: env.RETORT_PREFIX,
    requestsPerMinute: env.RETORT_REQUESTS_PER_MINUTE,
    maxUploadBytes: env.RETORT_MAX_UPLOAD_MIB * 1024 * 1024,
    logLevel: env.LOG_LEVEL,
  };
}
