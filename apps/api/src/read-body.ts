import { check } from '@retort/contracts';
import type { Static, TSchema } from 'typebox';
import { invalid } from './problem.js';

/**
 * A body with its defaults filled in; none is an empty object.
 *
 * @throws Problem `invalid-body` with every place that is wrong
 */
export function readBody<T extends TSchema>(schema: T, body: unknown): Static<T> {
  const checked = check(schema, body ?? {});
  if (!checked.ok) throw invalid('invalid-body', checked.problems);
  return checked.value as Static<T>;
}
