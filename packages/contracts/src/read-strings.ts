import { check } from './check.js';
import type { SpecProblem } from './problem.js';
import type { TObject } from 'typebox';

/**
 * Reads an object whose values arrive as strings: a query, a path, the environment.
 *
 * Whole numbers are read where the schema has an integer; all else is left to the schema.
 *
 * @param place what the values belong to, as the messages call it
 */
export function readStrings(
  schema: TObject,
  strings: Readonly<Record<string, unknown>>,
  place: string,
): { ok: true; value: Record<string, unknown> } | { ok: false; problems: SpecProblem[] } {
  const values = Object.fromEntries(
    Object.entries(strings).map(([name, value]) => {
      const property: { type?: string } | undefined = schema.properties[name];
      const isWhole = property?.type === 'integer' && typeof value === 'string' && /^-?\d{1,15}$/.test(value);
      return [name, isWhole ? Number(value) : value];
    }),
  );
  const holder = { type: 'object', properties: { [place]: schema }, required: [place] };
  const checked = check(holder, { [place]: values });
  if (checked.ok) return { ok: true, value: (checked.value as Record<string, Record<string, unknown>>)[place]! };
  const problems = checked.problems.map((problem) => ({
    ...problem,
    pointer: problem.pointer.slice(place.length + 1),
  }));
  return { ok: false, problems };
}
