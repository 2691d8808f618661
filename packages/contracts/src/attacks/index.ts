import { Type } from 'typebox';

export const attackParameters = {
  fgsm: Type.Object({ epsilon: Type.Number({ minimum: 0, default: 0.3 }) }, { additionalProperties: false }),
} as const;
export type AttackName = keyof typeof attackParameters;
