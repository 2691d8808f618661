import { expect, it } from 'vitest';
import { expiryProblems } from './api-key.js';

const now = new Date('2026-11-26T00:00:00Z');

it.each(['2026-11-26T00:00:01Z', '2030-01-31T00:00:00.5+01:00', '2028-02-29T23:59:59z', null, undefined])(
  'takes %j for the end of a key',
  (end) => expect(expiryProblems({ expires_at: end }, now)).toEqual([]),
);

it.each(['2026-11-25T23:59:59Z', '2030-02-31T00:00:00Z', '2030-13-01T00:00:00Z', '2030', '01/02/2030', 'tomorrow'])(
  'refuses %j, and says what would be right',
  (end) =>
    expect(expiryProblems({ expires_at: end }, now)).toEqual([
      {
        pointer: '/expires_at',
        message: `is "${end}"`,
        remedy: expect.stringContaining('2030-01-31T00:00:00Z') as string,
      },
    ]),
);
