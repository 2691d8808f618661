import type { RetentionTerms } from '@retort/jobs';
import { Type, type Static, type TObject } from 'typebox';

const days = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

/** The variables of the environment that say how long what may go is kept. */
export const retentionVariables = {
  RETORT_RETENTION_SECONDS: Type.Integer({
    minimum: 1,
    default: 300,
    description: 'How often it is looked for what may go, in one of the API processes.',
  }),
  RETORT_ARTIFACT_GRACE_MINUTES: Type.Integer({
    minimum: 1,
    default: 15,
    description: 'How long an artifact is kept to which nothing refers, or nothing yet.',
  }),
  RETORT_KEEP_PROGRESS_HOURS: Type.Integer({
    minimum: 0,
    default: 24,
    description: 'How long job.progress events are kept after their job ended.',
  }),
  RETORT_KEEP_IDEMPOTENCY_DAYS: Type.Integer({
    minimum: 0,
    default: 7,
    description: 'How long an Idempotency-Key is remembered.',
  }),
  RETORT_KEEP_EVENTS_DAYS: days(
    'How long events that are not the end of anything are kept after an experiment finished.',
  ),
  RETORT_KEEP_IMAGES_DAYS: days('How long adversarial images are kept after an experiment finished.'),
  RETORT_KEEP_WEIGHTS_DAYS: days('How long weights are kept after an experiment finished.'),
  RETORT_KEEP_UPLOADS_DAYS: days('How long an upload is kept to which no job refers.'),
};

/** How often retention runs, and on which terms. */
export interface RetentionSettings {
  readonly seconds: number;
  readonly terms: RetentionTerms;
}

export function readRetention(env: Static<TObject<typeof retentionVariables>>): RetentionSettings {
  return {
    seconds: env.RETORT_RETENTION_SECONDS,
    terms: {
      artifactGraceMinutes: env.RETORT_ARTIFACT_GRACE_MINUTES,
      progressHours: env.RETORT_KEEP_PROGRESS_HOURS,
      idempotencyDays: env.RETORT_KEEP_IDEMPOTENCY_DAYS,
      eventDays: env.RETORT_KEEP_EVENTS_DAYS,
      imageDays: env.RETORT_KEEP_IMAGES_DAYS,
      weightDays: env.RETORT_KEEP_WEIGHTS_DAYS,
      uploadDays: env.RETORT_KEEP_UPLOADS_DAYS,
    },
  };
}
