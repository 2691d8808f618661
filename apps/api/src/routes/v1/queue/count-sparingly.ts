import type { QueueView } from '@retort/jobs';

/** Waiting tasks for each second that a count of them serves: counting so many takes a few milliseconds. */
const TASKS_A_SECOND = 10_000;
/** Seconds for which any count serves. */
const LONGEST_SECONDS = 15;

/**
 * Counts what waits anew for each who asks while that is quick; where much waits, who asks within seconds of a count is
 * answered with it, so that however many ask, counting costs a few hundredths of a connection.
 */
export function countSparingly(count: () => Promise<QueueView>): () => Promise<QueueView> {
  let last: Promise<QueueView> | undefined;
  let servesUntil = -Infinity;
  return () => {
    if (last && performance.now() < servesUntil) return last;
    const counting = count();
    last = counting;
    servesUntil = Infinity;
    counting.then(
      ({ waiting }) => {
        const tasks = waiting.reduce((total, group) => total + group.tasks, 0);
        servesUntil = performance.now() + Math.min(Math.floor(tasks / TASKS_A_SECOND), LONGEST_SECONDS) * 1000;
      },
      () => (last = undefined),
    );
    return counting;
  };
}
