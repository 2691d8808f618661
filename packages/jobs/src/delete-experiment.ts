import type { Clocked } from './change.js';

/**
 * Deletes an experiment that has finished, with its jobs, events and curves. Artifacts to which no other job refers are
 * collected; jobs of other experiments that reused its results keep those, and their artifacts.
 *
 * @returns `running` where it has not finished: nothing was changed; undefined where there is no such experiment
 */
export async function deleteExperiment({ db }: Clocked, id: string): Promise<'deleted' | 'running' | undefined> {
  return db.$transaction(
    async (tx) => {
      const [experiment] = await tx.$queryRaw<{ finished: boolean }[]>`
        SELECT finished_at IS NOT NULL AS finished FROM experiments WHERE id = ${id} FOR UPDATE`;
      if (!experiment) return undefined;
      if (!experiment.finished) return 'running';
      await tx.experiment.delete({ where: { id } });
      return 'deleted';
    },
    { timeout: 120_000, maxWait: 30_000 },
  );
}
