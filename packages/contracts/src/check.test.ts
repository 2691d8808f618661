import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { check } from './check.js';

const Shape = Type.Union([
  Type.Object({ kind: Type.Literal('circle'), radius: Type.Number({ exclusiveMinimum: 0 }) }),
  Type.Object({ kind: Type.Literal('square'), side: Type.Integer({ minimum: 1, default: 2 }) }),
]);
const Drawing = Type.Object(
  {
    title: Type.String({ minLength: 2, maxLength: 5 }),
    colour: Type.Enum(['red', 'green'], { default: 'red' }),
    shapes: Type.Record(Type.String({ pattern: '^[a-z]+$' }), Shape, { default: {} }),
    scale: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Literal('fit')], { default: 'fit' }),
    note: Type.Optional(Type.String()),
    bound: Type.Optional(Type.Union([Type.Integer({ minimum: 1 }), Type.Null()])),
    seen: Type.Boolean({ default: false }),
    place: Type.Optional(
      Type.Union([Type.Object({ x: Type.Number(), y: Type.Number() }), Type.Object({ city: Type.String() })]),
    ),
  },
  { additionalProperties: false },
);

const told = (value: unknown) => {
  const checked = check(Drawing, value);
  return checked.ok ? [] : checked.problems.map(({ pointer, message, remedy }) => `${pointer}: ${message}; ${remedy}`);
};

describe('check', () => {
  it('fills in defaults, also inside the chosen branch of a union, and changes nothing of what it was given', () => {
    const given = { title: 'abc', shapes: { a: { kind: 'square' } } };
    expect(check(Drawing, given)).toEqual({
      ok: true,
      value: {
        title: 'abc',
        colour: 'red',
        shapes: { a: { kind: 'square', side: 2 } },
        scale: 'fit',
        seen: false,
      },
    });
    expect(given).toEqual({ title: 'abc', shapes: { a: { kind: 'square' } } });
  });

  it.each([
    [
      { title: 'abc', colour: 'gren' },
      ['/colour: "gren" is not known here; did you mean "green"? (known here: red, green)'],
    ],
    [{ title: 'a' }, ['/title: has 1 characters; use 2 to 5']],
    [{ title: 7 }, ['/title: is 7; use a string']],
    [{ title: 'abc', scale: 'fill' }, ['/scale: is "fill"; use a number above 0 or "fit"']],
    [{ title: 'abc', bound: null }, []],
    [{ title: 'abc', place: 'Ulm' }, ['/place: is "Ulm"; use an object with "x" and "y" or an object with "city"']],
    [{ title: 'abc', scale: Infinity }, ['/scale: is Infinity; use a number above 0 or "fit"']],
    [{ title: 'abc', bound: '3' }, ['/bound: is "3"; use a whole number at least 1 or null']],
    [{ title: 'abc', seen: 'yes' }, ['/seen: is "yes"; use true or false']],
    [{ title: 'abc', shapes: [] }, ['/shapes: is []; use an object']],
    [{ title: 'abc', shapes: { a: {} } }, ['/shapes/a/kind: "kind" is missing; add one of circle, square']],
    [
      { title: 'abc', shapes: { a: { kind: 'circel' } } },
      ['/shapes/a/kind: "circel" is not known here; did you mean "circle"? (known here: circle, square)'],
    ],
    [
      { title: 'abc', shapes: { a: { kind: 'square', side: 1.5 } } },
      ['/shapes/a/side: is 1.5; use a whole number at least 1'],
    ],
    [
      { title: 'abc', shapes: { 'a/b~': { kind: 'square' } } },
      [
        '/shapes/a~1b~0: "a/b~" cannot be a name; use up to 63 letters, digits, ".", "_" and "-", beginning with a letter or a digit',
      ],
    ],
    [null, [': is null; use an object']],
  ])('%j', (value, expected) => {
    expect(told(value)).toEqual(expected);
  });

  it('chooses a branch without literal fields by a field that only one of them requires', () => {
    const schema = Type.Union([
      Type.Object({ name: Type.Enum(['mnist']), count: Type.Integer() }, { additionalProperties: false }),
      Type.Object({ name: Type.String(), file: Type.String(), count: Type.Integer() }, { additionalProperties: false }),
    ]);
    expect(check(schema, { name: 'mine', file: 'x', count: 1 })).toMatchObject({ ok: true });
    expect(check(schema, { name: 'mnits', count: 1 })).toEqual({
      ok: false,
      problems: [
        { pointer: '/name', message: '"mnits" is not known here', remedy: expect.stringContaining('mnist') as string },
      ],
    });
    expect(check(schema, { name: 'mine', file: 3, count: 1 })).toEqual({
      ok: false,
      problems: [{ pointer: '/file', message: 'is 3', remedy: expect.stringContaining('string') as string }],
    });
  });

  it('says of a missing field what it is, or else what it may hold', () => {
    const schema = Type.Object({
      shape: Shape,
      centre: Type.Object({ x: Type.Number(), y: Type.Number() }),
      sides: Type.Integer({ minimum: 3 }),
      ink: Type.String({ description: 'What it is drawn with.' }),
      note: Type.String(),
    });
    const checked = check(schema, {});
    expect(checked.ok ? [] : checked.problems.map(({ remedy }) => remedy)).toEqual([
      'add it: an object with "kind": circle, square',
      'add it: an object with "x" and "y"',
      'add it: a whole number at least 3',
      'add it: What it is drawn with.',
      'add it',
    ]);
  });

  it('takes no field from the prototype for a known one', () => {
    expect(told({ title: 'abc', constructor: 1 })).toHaveLength(1);
    expect(told(JSON.parse('{"title": "abc", "__proto__": {"note": "x"}}'))).toHaveLength(1);
  });

  it('does not look through a list or a record that is too long', () => {
    const Short = Type.Object({
      list: Type.Array(Type.Integer(), { maxItems: 2, uniqueItems: true, default: [] }),
      names: Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.Integer(), { maxProperties: 1, default: {} }),
    });
    const checked = check(Short, { list: ['a', 'a', 'a'], names: { a: 'x', '!': 2 } });
    expect(checked.ok ? [] : checked.problems).toEqual([
      { pointer: '/list', message: 'has 3 items', remedy: 'use at most 2' },
      { pointer: '/names', message: 'has 2 names', remedy: 'use at most 1' },
    ]);
  });
});
