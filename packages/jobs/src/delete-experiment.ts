import type { Clocked } from './change.js';

/** Rows that one statement deletes, however many there are: a connection whose statement is silent for long counts as broken. */
const BATCH = { events: 20_000, jobs: 500 };

/** Milliseconds in which the largest experiment is deleted. */
const TIME_LIMIT_MS = 120_000;

/**
 * Deletes an experiment that has finished, with its jobs, events and curves. Artifacts to which no other job refers are
 * collected; jobs of other experiments that reused its results keep those, and their artifacts.
 *
 * @returns `running` where it has not finished: nothing was changed; undefined where there is no such experiment
 */
export async function deleteExperiment({ db }: Clocked, id: string): Promise<'deleted' | 'running' | undefined> {
  return db.$transaction(
    async (tx) => {
      const [experiment] = await tx.$queryRaw<{ finished: boolean; events: number }[]>`
        SELECT finished_at IS NOT NULL AS finished, event_seq AS events FROM experiments WHERE id = ${id} FOR UPDATE`;
      if (!experiment) return undefined;
      if (!experiment.finished) return 'running';
      for (let seq = 0; seq < experiment.events; seq += BATCH.events) {
        const upTo = seq + BATCH.events;
        await tx.$executeRaw`DELETE FROM events WHERE experiment_id = ${id} AND seq > ${seq} AND seq <= ${upTo}`;
      }
      const jobs = await tx.job.count({ where: { experimentId: id } });
      for (let ordinal = 0; ordinal < jobs; ordinal += BATCH.jobs) {
        const upTo = ordinal + BATCH.jobs;
        await tx.job.deleteMany({ where: { experimentId: id, ordinal: { gte: ordinal, lt: upTo } } });
      }
      await tx.experiment.delete({ where: { id } });
      return 'deleted';
    },
    { timeout: TIME_LIMIT_MS },
  );
}
