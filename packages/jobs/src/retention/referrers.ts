import { SqlText } from '@retort/store';

/** Every column that refers to an artifact; a trigger of each writes down the artifacts that it lets go. */
export const referrers = [
  { table: 'job_artifacts', column: 'sha256' },
  { table: 'tasks', column: 'checkpoint_sha256' },
  { table: 'tasks', column: 'outcome_sha256' },
  { table: 'uploads', column: 'sha256' },
] as const;

/** Whether anything refers to the artifact of the query's row of `artifacts`. */
export const isReferred = new SqlText(
  `(${referrers
    .map(({ table, column }) => `EXISTS (SELECT 1 FROM ${table} WHERE ${table}.${column} = artifacts.sha256)`)
    .join(' OR ')})`,
);
