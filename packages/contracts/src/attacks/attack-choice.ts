import { Type, type TObject } from 'typebox';

/** An attack by its name, with its parameters, as a spec chooses it. */
export interface AttackChoice {
  attack: string;
  parameters: Record<string, unknown>;
}

/** The fields that choose the attack of that name; its parameters may be left out. */
export function attackChoice(name: string, parameters: TObject) {
  return {
    attack: Type.Literal(name),
    parameters: Type.Object(parameters.properties, { ...parameters, default: {} }),
  };
}
