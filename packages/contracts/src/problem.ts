import { Type, type Static } from 'typebox';

/** One thing that is wrong with what was sent: where, what, and what would be right. */
export const SpecProblem = Type.Object({
  pointer: Type.String({ description: 'JSON pointer into the body; empty for the body itself.' }),
  message: Type.String({ description: 'What is wrong there.' }),
  remedy: Type.String({ description: 'What would be right.' }),
});
export type SpecProblem = Static<typeof SpecProblem>;

/** A step of a JSON pointer, escaped as RFC 6901 asks. */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
