import type { JobReading } from '@retort/jobs';
import type { Services } from './services.js';

/** What a request reads jobs with. */
export function jobReading({ db, clock, kindLimits }: Services): JobReading {
  return { db, now: clock.now(), kindLimits };
}
