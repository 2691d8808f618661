/**
 * Whether values are nested in a JSON value deeper than a limit.
 *
 * Asked of a body before anything walks it: each level costs a walk that calls itself a piece of the stack.
 */
export function isNestedDeeper(value: unknown, limit: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((each): unknown[] => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}
