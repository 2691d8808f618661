import pino from 'pino';
import { startService } from '../service/start-service.js';
import type { CliSettings } from '../settings.js';

/** Keeps Retort up on this machine until it is told to stop. */
export async function up(settings: CliSettings): Promise<void> {
  process.stdout.write('starting Postgres, Redis, the API and a worker …\n');
  const service = await startService(settings, pino({ level: 'warn' }));
  process.stdout.write(
    [
      `Retort is up.`,
      `  dashboard  ${service.apiUrl}/`,
      `  API        ${service.apiUrl}/v1/experiments`,
      `  docs       ${service.apiUrl}/docs`,
      `  data       ${settings.dataFolder} (logs in logs/)`,
      `Ctrl-C stops it; tasks that run are handed back and go on at the next start.`,
      '',
    ].join('\n'),
  );
  void service.workerDrained.then(() => {
    process.stdout.write(
      'the worker was drained and has ended: jobs wait until another is started, or Retort is stopped and started again\n',
    );
  });
  const asked = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  try {
    await Promise.race([asked, service.failed]);
  } finally {
    process.stdout.write('stopping …\n');
    await service.stop();
  }
}
