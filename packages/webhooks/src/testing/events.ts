import { smallestSpec } from '@retort/contracts';
import { cancelExperiment, submitExperiment } from '@retort/jobs';
import type { Database } from '@retort/store';

/** Submits an experiment of one net and cancels it: of the events, `job.cancelled` and `experiment.finished` are told by default. */
export async function makeEvents(db: Database, now: Date, apiKeyId: string | null = null): Promise<string> {
  const submission = await submitExperiment({ db, now }, { body: { ...smallestSpec, attacks: {} }, apiKeyId });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  await cancelExperiment({ db, now }, submission.experimentId);
  return submission.experimentId;
}
