import { watchExperiment } from '@retort/client';
import { connect } from '../service/connect.js';
import type { CliSettings } from '../settings.js';
import { progressView } from '../terminal/progress.js';
import { describeVerification } from '../terminal/verification.js';
import { expectAnswer } from './expect-answer.js';

/** What a shell is told: equal, differs, and could not be verified. */
const EXIT_CODES = { equal: 0, differs: 1, failed: 2, pending: 2 } as const;

/** Computes a job again on the Retort that runs, and says what is equal and what differs; the exit code is 0, 1 or 2. */
export async function verify(settings: CliSettings, jobId: string): Promise<void> {
  process.exitCode = 2;
  const client = await connect(settings);
  const asked = expectAnswer(await client.POST('/v1/jobs/{id}/verify', { params: { path: { id: jobId } } }));
  process.stdout.write(`computing ${jobId} again as ${asked.job_id}\n`);
  const view = progressView(process.stdout);
  try {
    for await (const event of watchExperiment(client, asked.experiment_id)) view.show(event, 'again');
  } finally {
    view.close();
  }
  const path = { params: { path: { id: asked.job_id } } };
  const verification = expectAnswer(await client.GET('/v1/jobs/{id}/verification', path));
  process.stdout.write(`${describeVerification(verification).join('\n')}\n`);
  process.exitCode = EXIT_CODES[verification.outcome];
}
