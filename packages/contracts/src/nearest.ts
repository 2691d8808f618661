import { closest, distance } from 'fastest-levenshtein';

/** The known name that a person most likely meant by `name`, or undefined where none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(name.toLowerCase(), [...known]);
  const tolerance = Math.max(2, Math.floor(Math.max(name.length, candidate.length) / 3));
  return distance(name.toLowerCase(), candidate.toLowerCase()) <= tolerance ? candidate : undefined;
}

/** Known names that a remedy lists at most. */
const LISTED = 20;

/** “Did you mean …?” where a known name is near, else the list of what is known. */
export function suggest(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const listed =
    known.slice(0, LISTED).join(', ') + (known.length > LISTED ? `, and ${known.length - LISTED} more` : '');
  const list = known.length ? `known here: ${listed}` : 'nothing is known here';
  return near ? `did you mean "${near}"? (${list})` : list;
}
