import { Type, type TObject } from 'typebox';
import {
  attackChoice,
  attackParameters,
  presetNames,
  presetParameters,
  type AttackName,
  type PresetName,
} from '../attacks/index.js';
import { ExamplesSpec } from './examples.js';

const attackNames = Object.keys(attackParameters) as AttackName[];

function attackSpec(name: AttackName | PresetName, parameters: TObject) {
  return Type.Object(
    {
      ...attackChoice(name, parameters),
      models: Type.Optional(
        Type.Array(Type.String(), {
          minItems: 1,
          maxItems: 1000,
          description: 'Names of the nets attacked; all where absent, but for the source.',
        }),
      ),
      source: Type.Optional(
        Type.String({
          minLength: 1,
          description:
            'The name of the net that the images are made on, to be tried on the nets attacked; each is attacked itself where absent.',
        }),
      ),
      examples: ExamplesSpec,
    },
    { additionalProperties: false },
  );
}

/** One attack on some of the nets. */
export const AttackSpec = Type.Union([
  ...attackNames.map((name) => attackSpec(name, attackParameters[name])),
  ...presetNames.map((name) => attackSpec(name, presetParameters(name))),
]);
export interface AttackSpec {
  attack: AttackName | PresetName;
  parameters: Record<string, unknown>;
  models?: string[];
  source?: string;
  examples: ExamplesSpec;
}
