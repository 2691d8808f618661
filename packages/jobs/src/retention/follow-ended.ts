import { SqlText, type Database, type SqlRunner } from '@retort/store';

/** Jobs or experiments that one transaction goes through, and transactions of one round. */
const BATCH = { size: 200, count: 20 };

/**
 * Applies a policy to the jobs, or experiments, that ended longer ago than so many seconds: to each once, in the order of
 * their end, a bounded number in a round. Where it stands is remembered in the database.
 *
 * @param policy the name under which it is remembered
 * @param work does it for these, and says how many rows it removed
 * @returns how many rows were removed
 */
export async function followEnded(
  db: Database,
  policy: string,
  { of, seconds }: { of: 'jobs' | 'experiments'; seconds: number },
  work: (tx: SqlRunner, ids: string[]) => Promise<number>,
): Promise<number> {
  await db.sql.$executeRaw`INSERT INTO retention_cursors (policy) VALUES (${policy}) ON CONFLICT DO NOTHING`;
  const table = new SqlText(of);
  let removed = 0;
  for (let batch = 0; batch < BATCH.count; batch++) {
    const looked = await db.transaction(async (tx) => {
      // Where another process holds it, that one is at it.
      const rows = await tx.$queryRaw<{ id: string }[]>`
        WITH cursor AS MATERIALIZED (
          SELECT ended_at, ended_id FROM retention_cursors WHERE policy = ${policy} FOR UPDATE SKIP LOCKED)
        SELECT ended.id FROM cursor CROSS JOIN LATERAL (
          SELECT id, finished_at FROM ${table}
          WHERE (finished_at, id) > (cursor.ended_at, cursor.ended_id)
            AND finished_at < now() - ${seconds} * interval '1 second'
          ORDER BY finished_at, id LIMIT ${BATCH.size}) ended
        ORDER BY ended.finished_at, ended.id`;
      if (rows.length === 0) return 0;
      const ids = rows.map(({ id }) => id);
      removed += await work(tx, ids);
      await tx.$executeRaw`
        UPDATE retention_cursors SET ended_at = ended.finished_at, ended_id = ended.id
        FROM ${table} ended WHERE policy = ${policy} AND ended.id = ${ids.at(-1)!}`;
      return rows.length;
    });
    if (looked < BATCH.size) break;
  }
  return removed;
}
