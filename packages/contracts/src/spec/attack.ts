import { Type, type TObject } from 'typebox';
import { attackChoice, attackParameters, type AttackName } from '../attacks/index.js';
import { ExamplesSpec } from './examples.js';

const attackNames = Object.keys(attackParameters) as AttackName[];

function attackSpec(name: AttackName, parameters: TObject) {
  return Type.Object(
    {
      ...attackChoice(name, parameters),
      models: Type.Optional(
        Type.Array(Type.String(), {
          minItems: 1,
          maxItems: 1000,
          description: 'Names of the nets attacked; all where absent.',
        }),
      ),
      examples: ExamplesSpec,
    },
    { additionalProperties: false },
  );
}

/** One attack on some of the nets. */
export const AttackSpec = Type.Union(attackNames.map((name) => attackSpec(name, attackParameters[name])));
export interface AttackSpec {
  attack: AttackName;
  parameters: Record<string, unknown>;
  models?: string[];
  examples: ExamplesSpec;
}
