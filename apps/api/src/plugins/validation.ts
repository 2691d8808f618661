import type { TObject } from 'typebox';
import fp from 'fastify-plugin';
import { isNestedDeeper } from '../nesting.js';
import { invalid, Problem, type PlacedProblem } from '../problem.js';
import { readStrings } from '@retort/contracts';

/**
 * Checks queries, paths and headers with the walker of `contracts`, so that a problem names its place and a remedy.
 *
 * A body passes as it came, unless it is nested too deep: what was posted is checked whole, by the function that accepts it, and never coerced.
 * Answers are written as they are: their schemas describe them, and never drop a field.
 */
export const validation = fp((app, _options, done) => {
  app.setValidatorCompiler(({ schema, httpPart }) => {
    const parameters = schema as TObject;
    switch (httpPart) {
      case 'querystring':
        return (query: Record<string, unknown>) => outcome('query', readStrings(parameters, query, 'query'));
      case 'params':
        return (path: Record<string, unknown>) => outcome('path', readStrings(parameters, path, 'path'));
      case 'headers':
        return (headers: Record<string, unknown>) => {
          // Names of headers know no case; the schema has the one that people write.
          const known = Object.keys(parameters.properties).flatMap((name) => {
            const value = headers[name.toLowerCase()];
            return value === undefined ? [] : [[name, value]];
          });
          const result = readStrings(parameters, Object.fromEntries(known) as Record<string, unknown>, 'header');
          return result.ok ? {} : outcome('header', result);
        };
      case 'body':
        return (body: unknown) => (isNestedDeeper(body, MAX_NESTING) ? { error: tooDeep() } : {});
      case undefined:
      default:
        throw new Error(`no way is known to check the ${httpPart} of a request`);
    }
  });
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  done();
});

/** Levels of objects and lists in a body; no spec needs half of them. */
const MAX_NESTING = 32;

function tooDeep(): Problem {
  return new Problem('malformed-request', `The body is nested more than ${MAX_NESTING} levels deep; flatten it.`);
}

function outcome(place: PlacedProblem['in'], result: ReturnType<typeof readStrings>) {
  if (result.ok) return { value: result.value };
  const problems = result.problems.map((problem) => ({ in: place, ...problem }));
  // A path that cannot lead anywhere is one where nothing is.
  return { error: invalid(place === 'path' ? 'not-found' : 'invalid-parameter', problems) };
}
