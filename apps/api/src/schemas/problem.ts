import { SpecProblem } from '@retort/contracts';
import { Type } from 'typebox';
import { problemKinds } from '../problem.js';
import { component } from './component.js';

/** An error as it is sent, after RFC 9457. */
export const ProblemDocument = component(
  'Problem',
  Type.Object(
    {
      type: Type.Enum(problemKinds.map((kind) => `urn:retort:problem:${kind}`)),
      title: Type.String({ description: 'The kind of problem, in words.' }),
      status: Type.Integer(),
      detail: Type.String({ description: 'What was wrong with this request and what would be right.' }),
      instance: Type.String({ description: 'The path that was asked for.' }),
      request_id: Type.String({ description: 'Under which the log has more.' }),
      problems: Type.Optional(
        Type.Array(
          Type.Object({
            in: Type.Optional(
              Type.Enum(['query', 'path', 'header'], { description: 'Into what the pointer leads; absent: the body.' }),
            ),
            ...SpecProblem.properties,
          }),
        ),
      ),
    },
    {
      examples: [
        {
          type: 'urn:retort:problem:invalid-spec',
          title: 'The spec is not valid',
          status: 422,
          detail: '/models/a/temperature: is -1; use a number above 0 and at most 10000.',
          instance: '/v1/experiments',
          request_id: 'req-1',
          problems: [
            { pointer: '/models/a/temperature', message: 'is -1', remedy: 'use a number above 0 and at most 10000' },
          ],
        },
      ],
    },
  ),
);
