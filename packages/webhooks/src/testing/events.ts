import { cancelExperiment, submitExperiment } from '@retort/jobs';
import type { Database } from '@retort/store';

/** An experiment of one net. */
const spec = {
  name: 'told of',
  dataset: { name: 'mnist', train: 100, validation: 50, test: 100 },
  models: {
    a: {
      kind: 'train',
      architecture: 'compact',
      temperature: 1,
      epochs: 1,
      optimizer: { name: 'sgd' },
      learning_rate: { base: 0.1 },
    },
  },
};

/** Submits an experiment and cancels it: of the events, `job.cancelled` and `experiment.finished` are told by default. */
export async function makeEvents(db: Database, now: Date, apiKeyId: string | null = null): Promise<string> {
  const submission = await submitExperiment({ db, now }, { body: spec, apiKeyId });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  await cancelExperiment({ db, now }, submission.experimentId);
  return submission.experimentId;
}
