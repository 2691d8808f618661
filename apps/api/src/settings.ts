import { jobKinds, readEnvironment, SettingsError, type JobKind } from '@retort/contracts';
import type { KindLimits } from '@retort/jobs';
import { artifactVariables, readArtifactLocation, type ArtifactLocation } from '@retort/store';
import { addressPolicy, type AddressPolicy } from '@retort/webhooks';
import { Type } from 'typebox';
import type { AccessPolicy } from './plugins/access.js';
import { readRetention, retentionVariables, type RetentionSettings } from './retention-settings.js';

const limit = `(${jobKinds.join('|')})=[1-9][0-9]{0,5}`;

/** The environment of the API. */
const Environment = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1, description: 'postgresql://user:password@host:port/name' }),
  REDIS_URL: Type.String({ minLength: 1, description: 'redis://host:port' }),
  HOST: Type.String({ default: '127.0.0.1', description: 'The address to listen at.' }),
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 8080, description: '0 lets the system choose.' }),
  ...artifactVariables,
  RETORT_PREFIX: Type.String({ default: 'retort', description: 'What the keys in Redis begin with.' }),
  RETORT_REQUESTS_PER_MINUTE: Type.Integer({ minimum: 1, default: 6000, description: 'From one address.' }),
  RETORT_MAX_UPLOAD_MIB: Type.Integer({
    minimum: 1,
    maximum: 2047,
    default: 1024,
    description: 'The largest file that can be uploaded, in MiB.',
  }),
  RETORT_KIND_LIMITS: Type.Optional(
    Type.String({
      pattern: `^(${limit}(,${limit})*)$`,
      description:
        'How many tasks of a kind may run at once over all workers, such as `train=2,attack=8`; no bound for a kind that is not named.',
    }),
  ),
  RETORT_AUTH: Type.Enum(['auto', 'required'], {
    default: 'auto',
    description: 'Whether everyone is answered until there is an API key (auto), or only who has one (required).',
  }),
  RETORT_ADMIN_KEY: Type.Optional(
    Type.String({
      pattern: '^[!-~]{32,}$',
      description: 'A secret of yours, at least 32 characters, that may do everything: to make the first API key with.',
    }),
  ),
  RETORT_WEBHOOK_ALLOW: Type.Optional(
    Type.String({
      description: 'Networks to which webhooks may be sent besides public ones: `10.0.0.0/8,127.0.0.1/32`.',
    }),
  ),
  RETORT_WEBHOOK_TIMEOUT_SECONDS: Type.Integer({
    minimum: 1,
    maximum: 300,
    default: 15,
    description: 'How long the receiver of a webhook may take.',
  }),
  ...retentionVariables,
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { default: 'info' }),
});

export interface Settings {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly host: string;
  readonly port: number;
  readonly artifacts: ArtifactLocation;
  readonly prefix: string;
  readonly requestsPerMinute: number;
  /** Bytes of the largest file that can be uploaded. */
  readonly maxUploadBytes: number;
  /** How many tasks of each kind may run at once, over all workers. */
  readonly kindLimits: KindLimits;
  readonly access: AccessPolicy;
  readonly webhookAddresses: AddressPolicy;
  readonly webhookTimeoutMs: number;
  readonly retention: RetentionSettings;
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
    artifacts: readArtifactLocation(env),
    prefix: env.RETORT_PREFIX,
    requestsPerMinute: env.RETORT_REQUESTS_PER_MINUTE,
    maxUploadBytes: env.RETORT_MAX_UPLOAD_MIB * 1024 * 1024,
    kindLimits: readKindLimits(env.RETORT_KIND_LIMITS),
    access: {
      required: env.RETORT_AUTH === 'required',
      ...(env.RETORT_ADMIN_KEY !== undefined && { operatorSecret: env.RETORT_ADMIN_KEY }),
    },
    webhookAddresses: readNetworks(env.RETORT_WEBHOOK_ALLOW),
    webhookTimeoutMs: env.RETORT_WEBHOOK_TIMEOUT_SECONDS * 1000,
    retention: readRetention(env),
    logLevel: env.LOG_LEVEL,
  };
}

function readKindLimits(text = ''): KindLimits {
  const pairs = text.split(',').filter(Boolean);
  return new Map(pairs.map((pair) => pair.split('=') as [JobKind, string]).map(([kind, most]) => [kind, Number(most)]));
}

function readNetworks(networks = ''): AddressPolicy {
  try {
    return addressPolicy(networks.split(',').filter((network) => network.trim() !== ''));
  } catch (cause) {
    throw new SettingsError(`the environment variable RETORT_WEBHOOK_ALLOW: ${(cause as Error).message}`, { cause });
  }
}
