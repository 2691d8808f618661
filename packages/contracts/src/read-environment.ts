import type { Static, TObject } from 'typebox';
import { readStrings } from './read-strings.js';

/** An environment that a process cannot run in. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * The variables of a process that a schema names, with its defaults.
 *
 * @throws SettingsError that names each variable that is wrong, and what would be right
 */
export function readEnvironment<T extends TObject>(
  schema: T,
  environment: Readonly<Record<string, string | undefined>>,
): Static<T> {
  const known = Object.keys(schema.properties).flatMap((name) => {
    const value = environment[name];
    // An empty variable is how a compose file leaves one out.
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  const read = readStrings(schema, Object.fromEntries(known), 'environment');
  if (read.ok) return read.value as Static<T>;
  const lines = read.problems.map(
    ({ pointer, message, remedy }) => `the environment variable ${pointer.slice(1)}: ${message}; ${remedy}`,
  );
  throw new SettingsError(lines.join('\n'));
}
