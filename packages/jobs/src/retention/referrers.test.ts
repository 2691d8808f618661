import { expect, it } from 'vitest';
import { openTestDatabase } from '@retort/stack/testing';
import { referrers } from './referrers.js';

const { db } = await openTestDatabase();

it('are all columns with a foreign key to artifacts; each keeps its artifact, and has a trigger that releases it', async () => {
  const keys = await db.$queryRaw<{ table: string; column: string; delete_rule: string; trigger: string | null }[]>`
    SELECT columns.table_name AS table, columns.column_name AS column, delete_rule,
      (SELECT string_agg(DISTINCT event_manipulation, ' ' ORDER BY event_manipulation) FROM information_schema.triggers
       WHERE event_object_table = columns.table_name
         AND action_statement = format('EXECUTE FUNCTION release_artifact(%L)', columns.column_name)) AS trigger
    FROM information_schema.referential_constraints rules
    JOIN information_schema.key_column_usage columns USING (constraint_schema, constraint_name)
    JOIN information_schema.constraint_column_usage target USING (constraint_schema, constraint_name)
    WHERE target.table_name = 'artifacts' ORDER BY 1, 2`;
  expect(keys).toEqual(
    [...referrers]
      .sort((a, b) => (a.table + a.column < b.table + b.column ? -1 : 1))
      .map((referrer) => ({ ...referrer, delete_rule: 'RESTRICT', trigger: 'DELETE UPDATE' })),
  );
});
