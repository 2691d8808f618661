import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readSettings } from './settings.js';

const needed = { DATABASE_URL: 'postgresql://postgres@127.0.0.1:5432/retort', REDIS_URL: 'redis://127.0.0.1:6379' };

it('needs the addresses of Postgres and Redis, and has a default for the rest', () => {
  expect(readSettings({ ...needed, UNRELATED: 'x', LOG_LEVEL: '' })).toEqual({
    databaseUrl: needed.DATABASE_URL,
    redisUrl: needed.REDIS_URL,
    host: '127.0.0.1',
    port: 8080,
    artifacts: { folder: resolve('.retort/artifacts') },
    prefix: 'retort',
    requestsPerMinute: 6000,
    maxUploadBytes: 1024 * 1024 * 1024,
    kindLimits: new Map(),
    access: { required: false },
    webhookAddresses: { permitsPrivate: false, judge: expect.any(Function) as () => 'public' },
    webhookTimeoutMs: 15_000,
    retention: { seconds: 300, terms: { artifactGraceMinutes: 15, progressHours: 24, idempotencyDays: 7 } },
    logLevel: 'info',
  });
});

it('reads how many tasks of a kind may run at once', () => {
  const { kindLimits } = readSettings({ ...needed, RETORT_KIND_LIMITS: 'train=2,attack=8' });
  expect([...kindLimits]).toEqual([
    ['train', 2],
    ['attack', 8],
  ]);
  expect(() => readSettings({ ...needed, RETORT_KIND_LIMITS: 'trian=2' })).toThrow('RETORT_KIND_LIMITS');
});

it('takes port 0, which lets the system choose', () => {
  expect(readSettings({ ...needed, PORT: '0' }).port).toBe(0);
});

it('names a network for webhooks that is none', () => {
  const environment = { ...needed, RETORT_WEBHOOK_ALLOW: '10.0.0.0/8,10.0.0.300/8' };
  expect(() => readSettings(environment)).toThrow('RETORT_WEBHOOK_ALLOW: "10.0.0.300/8" is no network');
});

it('names every variable that is wrong, and what would be right', () => {
  expect(() => readSettings({ REDIS_URL: needed.REDIS_URL, PORT: '80a', LOG_LEVEL: 'inof' })).toThrow(
    [
      'the environment variable DATABASE_URL: "DATABASE_URL" is missing; add it: postgresql://user:password@host:port/name',
      'the environment variable PORT: is "80a"; use a whole number at least 0 and at most 65535',
      'the environment variable LOG_LEVEL: "inof" is not known here; did you mean "info"? (known here: trace, debug, info, warn, error, fatal, silent)',
    ].join('\n'),
  );
});
